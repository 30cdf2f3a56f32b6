// The API as it is: one function for a request, and the session of this tab.

let session = JSON.parse(sessionStorage.getItem('session'));
let refreshing;

/** @returns the account that is logged in: account_id, username and token; or null */
export const me = () => session;

function remember(next) {
  session = next;
  if (next) {
    sessionStorage.setItem('session', JSON.stringify(next));
  } else {
    sessionStorage.removeItem('session');
  }
}

export async function login(username, password) {
  remember(null);
  remember(await post('/account/login', { username, password }));
}

export async function logout() {
  await post('/account/logout').catch(() => {});
  remember(null);
}

/** Takes another access token, once for all requests that wait for it. @returns {Promise<boolean>} whether the session goes on */
export function refresh() {
  refreshing ??= post('/account/refresh', { refresh_token: session.refresh_token })
    .then((next) => remember({ ...session, token: next.token, refresh_token: next.refresh_token || session.refresh_token }))
    .then(() => true, (refused) => {
      if (refused.status === 401) {
        remember(null);
        dispatchEvent(new Event('session-ended'));
      }
      return false;
    })
    .finally(() => (refreshing = undefined));
  return refreshing;
}

/**
 * Sends a request.
 *
 * @param {object|FormData} body JSON, or a form with a file
 * @throws {Error} with the text of the problem and its status
 */
export async function post(path, body = {}) {
  const isForm = body instanceof FormData;
  const send = () => fetch(path, {
    method: 'POST',
    headers: {
      ...(isForm ? {} : { 'Content-Type': 'application/json' }),
      ...(session ? { Authorization: `Bearer ${session.token}` } : {}),
    },
    body: isForm ? body : JSON.stringify(body),
  });
  let answer = await send();
  if (answer.status === 401 && session && path !== '/account/refresh' && await refresh()) {
    answer = await send();
  }
  const json = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    throw Object.assign(new Error(json.error ?? `The server answered ${answer.status}`), { status: answer.status });
  }
  return json;
}

/** Reads the notifications of the session as they come, and goes on where it was when the connection breaks. @returns {Function} that ends it */
export function listen(tell) {
  let stream;
  let again;
  const open = () => {
    stream = new EventSource(`/notification/stream?token=${encodeURIComponent(session.token)}`);
    stream.onmessage = (event) => tell(JSON.parse(event.data));
    stream.onerror = () => {
      if (stream.readyState === EventSource.CLOSED) {
        again = setTimeout(async () => (await refresh()) && open(), 1000);
      }
    };
  };
  open();
  return () => {
    clearTimeout(again);
    stream.close();
  };
}
