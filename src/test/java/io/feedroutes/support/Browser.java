package io.feedroutes.support;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** A Chromium without a window. Each tab has a session of its own, so that several people use it. */
public final class Browser implements AutoCloseable {

    private final ChromeDriver driver;
    private final String first;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
        this.first = driver.getWindowHandle();
    }

    /** Whether Chromium and its driver are on the path, as Debian's packages {@code chromium} and {@code chromium-driver} install them. */
    public static boolean isInstalled() {
        return program("chromium").isPresent() && program("chromedriver").isPresent();
    }

    private static Optional<File> program(String name) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .map(Path::toFile)
                .findFirst();
    }

    /** Starts it. */
    public static Browser start() {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(program("chromium").orElseThrow());
        // A sandbox needs rights that containers do not give, and this one sees our own page only.
        options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--lang=en");
        return new Browser(new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(program("chromedriver").orElseThrow())
                        .build(),
                options));
    }

    /** A tab of somebody who has not logged in. */
    public Tab tab(Feed feed) {
        driver.switchTo().newWindow(WindowType.TAB);
        driver.get(feed.uri("/web/index.html").toString());
        return new Tab(driver.getWindowHandle());
    }

    /** A tab of an operator who has logged in to see a page of the management port. Only one at a time can be logged in. */
    public Tab tab(Operator operator, String page) {
        driver.executeCdpCommand("Network.clearBrowserCookies", Map.of());
        driver.switchTo().newWindow(WindowType.TAB);
        driver.get(operator.uri(page).toString());
        Tab tab = new Tab(driver.getWindowHandle());
        return tab.type("[name=username]", operator.name).type("[name=password]", operator.password + "\n");
    }

    /** Closes all tabs: each that is logged in holds one of the six connections that a browser opens to a host. */
    public void closeTabs() {
        for (String handle : driver.getWindowHandles()) {
            if (!handle.equals(first)) {
                driver.switchTo().window(handle).close();
            }
        }
        driver.switchTo().window(first);
    }

    @Override
    public void close() {
        driver.quit();
    }

    /** What somebody sees and does. Waits for what is not there yet. */
    public final class Tab {

        private final String handle;

        private Tab(String handle) {
            this.handle = handle;
        }

        /** Goes to a view of the page. */
        public Tab open(String view) {
            here().executeScript("location.hash = arguments[0]", "#/" + view);
            return this;
        }

        /** Logs in. */
        public Tab logIn(Account account) {
            open("login").type("form:has([autocomplete=current-password]) [name=name]", account.name());
            type("[autocomplete=current-password]", account.password() + "\n");
            await().until(() -> text("#account").contains(account.name()));
            return this;
        }

        /** Makes the window as wide as a phone or a desk. */
        public Tab width(int pixels) {
            here().executeCdpCommand(
                            "Emulation.setDeviceMetricsOverride",
                            Map.of("width", pixels, "height", 800, "deviceScaleFactor", 1, "mobile", false));
            return this;
        }

        /** Lets it be night, or day. */
        public Tab dark(boolean dark) {
            here().executeCdpCommand(
                            "Emulation.setEmulatedMedia",
                            Map.of(
                                    "features",
                                    List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
            return this;
        }

        /** Takes a picture of what can be seen, a PNG. */
        public void picture(Path file) throws IOException {
            Files.createDirectories(file.getParent());
            Files.write(file, here().getScreenshotAs(OutputType.BYTES));
        }

        /** Presses what is there. */
        public Tab press(String selector) {
            once(selector, WebElement::click);
            return this;
        }

        /** Types into what is there; {@code \n} is the key Enter. */
        public Tab type(String selector, String text) {
            once(selector, element -> element.sendKeys(text));
            return this;
        }

        /** Types into whatever has the focus. */
        public Tab type(CharSequence keys) {
            here().switchTo().activeElement().sendKeys(keys);
            return this;
        }

        private void once(String selector, Consumer<WebElement> act) {
            await().ignoreExceptionsInstanceOf(WebDriverException.class).until(() -> {
                act.accept(here().findElement(By.cssSelector(selector)));
                return true;
            });
        }

        /** What is written there; empty when nothing is there yet. */
        public String text(String selector) {
            return texts(selector).stream().findFirst().orElse("");
        }

        /** What is written in all that are there. */
        public List<String> texts(String selector) {
            return run("return [...document.querySelectorAll(arguments[0])].map(found => found.innerText)", selector);
        }

        /** Runs a script. */
        @SuppressWarnings("unchecked")
        public <T> T run(String script, Object... arguments) {
            return (T) here().executeScript(script, arguments);
        }

        private ChromeDriver here() {
            driver.switchTo().window(handle);
            return driver;
        }
    }
}
