// What the node says of itself, and what it is told to do. All of it is the actuator's: health, metrics, Jolokia and the dead letters.

/** An answer that is no success. */
export class Refusal extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

async function ask(path, body) {
  const answer = await fetch(`../actuator/${path}`, {
    method: body ? 'POST' : 'GET',
    headers: {
      'Content-Type': 'application/json',
      // Without it the answer to somebody who is not logged in is the page of the login.
      'X-Requested-With': 'XMLHttpRequest',
      'X-XSRF-TOKEN': document.cookie.match(/XSRF-TOKEN=([^;]*)/)?.[1] ?? '',
    },
    body: body && JSON.stringify(body),
  });
  if (answer.status === 401) {
    location.reload();
  }
  return answer;
}

async function json(path, body) {
  const answer = await ask(path, body);
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    throw new Refusal(answer.status, said.detail ?? said.message ?? `the node has answered with ${answer.status}`);
  }
  return said;
}

/** Whether all is well. It is an answer as well when something is not. */
export const health = async () => (await ask('health')).json();

/** The metrics: by name, each sample with its labels and its value. */
export async function metrics() {
  const found = {};
  const text = await (await ask('prometheus')).text();
  for (const [, name, labels = '', value] of text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)) {
    const sample = { value: Number(value) };
    for (const [, label, said] of labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
      sample[label] = said;
    }
    (found[name] ??= []).push(sample);
  }
  return found;
}

async function jolokia(request) {
  const said = await json('jolokia', request);
  if (said.status !== 200) {
    throw new Refusal(said.status, said.error);
  }
  return said.value;
}

/** All routes, in the order of their ids. */
export async function routes() {
  const beans = await jolokia({
    type: 'read',
    mbean: 'org.apache.camel:context=*,type=routes,name=*',
    attribute: ['RouteId', 'Description', 'EndpointUri', 'RouteConfigurationId', 'State', 'ExchangesTotal', 'ExchangesFailed', 'FailuresHandled', 'TotalProcessingTime'],
  });
  return Object.entries(beans)
    .map(([bean, attributes]) => ({
      bean,
      ...attributes,
      consumes: !/^(direct|platform-http|rest-openapi):/.test(attributes.EndpointUri),
      helps: attributes.EndpointUri.startsWith('direct:') && attributes.RouteConfigurationId !== 'api',
    }))
    .sort((one, other) => one.RouteId.localeCompare(other.RouteId));
}

/** Starts or stops a route. */
export const operate = (route, operation) => jolokia({ type: 'exec', mbean: route.bean, operation: `${operation}()` });

/** Whether this person may do more than look. No dead letter has the number 0. */
export const mayOperate = async () => (await ask('dead-letters/0')).status !== 403;

/** The dead letters by their cause and the last operations; or those of a cause; or one. */
export const letters = (selection) => json(selection ? `dead-letters/${encodeURIComponent(selection)}` : 'dead-letters');

/** Asks for dead letters to be replayed or discarded: one, or those of a cause that were parked until a time. */
export const settle = (action, selection, until) => json(`dead-letters/${action}/${encodeURIComponent(selection)}`, until ? { until } : {});

/** Ends the session. */
export async function logOut() {
  await fetch('../logout', { method: 'POST', headers: { 'X-XSRF-TOKEN': document.cookie.match(/XSRF-TOKEN=([^;]*)/)?.[1] ?? '' } });
  location.reload();
}
