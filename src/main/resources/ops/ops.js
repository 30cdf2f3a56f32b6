// What the operator sees. Every two seconds the node is asked, and what has changed is written where it stands.

import { health, letters, logOut, mayOperate, metrics, operate, routes, settle } from './node.js';
import { bar, line, stack } from './plots.js';

const SECONDS = 2;
const LOOKS = 150;
const PARTS = { rabbit: 'Broker', db: 'Database', redis: 'Redis', queues: 'Queues', diskSpace: 'Disk' };
const BREAKER = { closed: ['through the broker', 'well'], open: ['without the broker', 'bad'], half_open: ['tries the broker', 'warn'] };

const $ = (id) => document.getElementById(id);
const many = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`;
const rounded = (value) => (value < 10 ? Math.round(value * 10) / 10 : Math.round(value));
const megabytes = (bytes) => `${Math.round(bytes / 1048576).toLocaleString('en')} MB`;
const sum = (samples = []) => samples.reduce((all, sample) => all + sample.value, 0);

// Nodes. Texts become text nodes, so that nothing of a message is ever markup.

function h(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children.flat().filter((child) => child || child === 0));
  return element;
}

/** Shows the items in this order, each in an element that is made once, so that it keeps the focus. */
function show(parent, items, key, make, update) {
  const made = (parent.made ??= new Map());
  items.forEach((item, i) => {
    if (!made.has(key(item))) {
      made.set(key(item), make(item));
    }
    const element = made.get(key(item));
    update(element, item);
    if (parent.children[i] !== element) {
      parent.insertBefore(element, parent.children[i] ?? null);
    }
  });
  [...parent.children].slice(items.length).forEach((element) => element.remove());
}

function say(text, kind = '') {
  const news = h('p', { className: kind }, text);
  $('news').append(news);
  setTimeout(() => news.remove(), 6000);
}

/** A button that says what went wrong. One with a question acts when it is pressed again. */
function button(text, act, question) {
  const element = h('button', { type: 'button' }, text);
  const ask = (asks) => {
    element.textContent = asks ? question : text;
    element.className = asks ? 'sure' : '';
  };
  element.onclick = async () => {
    if (question && !element.className) {
      ask(true);
      setTimeout(ask, 5000, false);
      return;
    }
    element.disabled = true;
    try {
      await act();
    } catch (failure) {
      say(failure.message, 'wrong');
    } finally {
      element.disabled = false;
    }
  };
  return element;
}

// What was seen before

const past = new Map();

/** Notes a value; what was noted in the last five minutes, the newest last. */
function note(key, value) {
  const values = past.get(key) ?? [];
  values.push(value);
  values.splice(0, values.length - LOOKS);
  past.set(key, values);
  return values;
}

/** Notes a total; how much was added in each second of the last five minutes. */
function rates(key, total) {
  const now = performance.now();
  const [before, then] = past.get(`${key} last`) ?? [total, now];
  past.set(`${key} last`, [total, now]);
  // A node that was started anew counts from zero.
  return note(key, now > then ? (Math.max(0, total - before) * 1000) / (now - then) : 0);
}

// Parts

function showParts({ status, components = {} }, found) {
  const down = Object.keys(components).filter((part) => components[part].status === 'DOWN');
  const [text, kind] = {
    UP: ['All is well', 'well'],
    DEGRADED: ['Works, but there are dead letters', 'warn'],
  }[status] ?? [`Down: ${down.map((part) => PARTS[part] ?? part).join(', ')}`, 'bad'];
  $('status').replaceChildren(h('b', { className: kind }, text));
  const heap = sum(found.jvm_memory_used_bytes?.filter(({ area }) => area === 'heap'));
  const tiles = Object.entries(PARTS)
    .filter(([part]) => components[part])
    .map(([part, title]) => ({ title, state: components[part].status, about: about(part, components[part]) }));
  show($('parts'), [...tiles, { title: 'Heap', about: megabytes(heap), values: note('heap', heap / 1048576) }], ({ title }) => title, tile, fill);
}

function about(part, { status, details = {} }) {
  if (part === 'queues') {
    const { missing = [], ...dead } = details;
    const count = Object.values(dead).reduce((all, one) => all + one, 0);
    return [missing.length && `missing: ${missing.join(', ')}`, count && many(count, 'dead letter')].filter(Boolean).join('; ') || 'all are there';
  }
  if (status === 'DOWN') {
    return details.error ?? '';
  }
  return part === 'diskSpace' ? `${megabytes(details.free ?? 0)} free` : details.version ?? details.database ?? '';
}

function tile({ title }) {
  const element = h('article', {}, h('h3', { title }, title), h('b'), h('span', { className: 'quiet' }));
  element.insertAdjacentElement('beforeend', h('span', { className: 'plot-place' }));
  return element;
}

function fill(element, { title, state, kind, about: text, values }) {
  const [, mark, words, place] = element.children;
  element.className = `tile ${kind ?? { UP: 'well', DEGRADED: 'warn', DOWN: 'bad' }[state] ?? ''}`;
  mark.textContent = state ?? '';
  words.textContent = text;
  words.title = text;
  if (values) {
    place.replaceWith(line(title, values));
  }
}

// Writes

function showBreakers(found) {
  const count = (name, metric, kinds) => sum(found[metric]?.filter((sample) => sample.name === name && kinds.includes(sample.kind)));
  const breakers = (found.resilience4j_circuitbreaker_state ?? [])
    .filter(({ name, value }) => name.endsWith('-broker') && value === 1)
    .sort((one, other) => one.name.localeCompare(other.name))
    .map(({ name, state }) => ({
      name,
      state,
      sent: rates(`${name} sent`, count(name, 'resilience4j_circuitbreaker_calls_seconds_count', ['successful'])),
      stored: rates(
        `${name} stored`,
        count(name, 'resilience4j_circuitbreaker_calls_seconds_count', ['failed']) +
          count(name, 'resilience4j_circuitbreaker_not_permitted_calls_total', ['not_permitted']),
      ),
    }));
  const make = ({ name }) => h('div', { className: 'row' }, h('h3', {}, name.replace('-broker', '')), h('span'), h('b'));
  show($('breakers'), breakers, ({ name }) => name, make, (element, { name, state, sent, stored }) => {
    const [text, kind] = BREAKER[state] ?? [state, 'warn'];
    element.children[1].replaceWith(stack(`${name}: ${rounded(sent.at(-1))} a second through the broker, ${rounded(stored.at(-1))} without`, sent, stored, ['with', 'fallback']));
    element.children[2].textContent = `${rounded(sent.at(-1) + stored.at(-1))}/s ${text}`;
    element.children[2].className = kind;
  });
}

// Queues

function showQueues(found) {
  const ladder = ({ queue }) => (/^delay\.\d/.test(queue) ? 'delay.100ms … 1d' : queue);
  const consumers = Object.groupBy(found.feed_queue_consumers ?? [], ladder);
  const queues = Object.entries(Object.groupBy(found.feed_queue_messages ?? [], ladder)).map(([title, samples]) => {
    const waiting = sum(samples);
    const taken = sum(consumers[title]);
    const waits = title.startsWith('delay.1');
    return {
      title,
      state: waiting.toLocaleString('en'),
      about: waits ? 'messages until they are due' : taken ? many(taken, 'consumer') : 'no consumer',
      kind: waits ? '' : taken ? 'well' : 'bad',
      values: note(`queue ${title}`, waiting),
    };
  });
  show($('queues'), queues, ({ title }) => title, tile, fill);
}

// Dead letters

let listed = false;

function showDead(found, operator) {
  const dead = (found.feed_dead_letters ?? []).filter(({ value }) => value > 0).sort((one, other) => other.value - one.value);
  const most = dead[0]?.value;
  const make = ({ queue }) => h('div', { className: 'row' }, h('h3', {}, queue.replace(/\.dlq$/, '')), h('span'), h('b', { className: 'bad number' }));
  show($('dead'), dead, ({ queue }) => queue, make, (element, { queue, value }) => {
    element.children[1].replaceWith(bar(`${queue}: ${value}`, value, most));
    element.children[2].textContent = many(value, 'message');
  });
  $('none').hidden = dead.length > 0;
  $('take').hidden = !operator || (!dead.length && !listed);
}

const table = (heads, rows) => h('table', {}, h('thead', {}, h('tr', {}, heads.map((head) => h('th', { scope: 'col' }, head)))), h('tbody', {}, rows));
const cells = (...contents) => h('tr', {}, contents.map((content) => h('td', {}, content)));
const time = (text) => text && new Date(text).toLocaleString([], { dateStyle: 'short', timeStyle: 'medium' });

async function list() {
  const { causes, operations } = await letters();
  listed = true;
  const chosen = h('div');
  $('letters').hidden = false;
  $('letters').replaceChildren(
    h('h2', {}, causes.length ? 'By their cause' : 'No dead letter is left'),
    causes.length ? table(['Queue', 'Why', 'Letters', 'Parked', ''], causes.map((cause) => causeRow(cause, chosen))) : '',
    chosen,
    operations.length ? h('h2', {}, 'What operators have done') : '',
    operations.length ? table(['What', 'Of which', 'By whom', 'Done', 'When', ''], operations.slice(0, 10).map(operationRow)) : '');
  // What was asked for is done by and by.
  if (operations.some((operation) => !operation.ended_at)) {
    setTimeout(() => list().catch(() => {}), 1000 * SECONDS);
  }
}

function causeRow({ cause, queue, error_message: why, letters: count, oldest, newest, times_parked: times }, chosen) {
  return cells(
    queue,
    [why, times > 1 && h('small', {}, `failed again after a replay: parked ${times} times`)],
    count,
    oldest === newest ? time(newest) : `${time(oldest)} – ${time(newest)}`,
    actions(cause, count, newest, button('Show', async () => {
      const { letters: found } = await letters(cause);
      chosen.replaceChildren(table(['Letter', 'Message', 'Attempts', 'Parked', ''], found.map((letter) => letterRow(letter, chosen))));
    })));
}

function letterRow({ id, message_id: message, attempts, parked_at: parked }, chosen) {
  return cells(id, message, attempts, time(parked), actions(id, 1, null, button('Inspect', async () => {
    const { body, body_base64: bytes, ...known } = await letters(id);
    chosen.querySelector('.letter')?.remove();
    chosen.append(h('article', { className: 'letter' },
      h('h3', {}, `Letter ${id}`),
      h('dl', {}, Object.entries(known).map(([name, value]) => [h('dt', {}, name.replaceAll('_', ' ')), h('dd', {}, String(value))])),
      h('pre', {}, bytes ? `in base64: ${bytes}` : body)));
  })));
}

function actions(selection, count, until, look) {
  const ask = async (action) => {
    const { letters: meant } = await settle(action, selection, until);
    say(`${action} of ${many(meant, 'letter')} is under way`);
    await list();
  };
  return h('div', { className: 'actions' }, look, button('Replay', () => ask('replay')),
    button('Discard', () => ask('discard'), `Discard ${count === 1 ? 'it' : `all ${count}`} for good?`));
}

function operationRow({ operation, action, selection, operator, done, requested_at: asked, ended_at: ended, cancelled_by: canceller }) {
  return cells(action, selection, operator, done, time(asked),
    ended ? (canceller ? `cancelled by ${canceller}` : 'ended') : button('Cancel', async () => {
      await settle('cancel', operation);
      await list();
    }));
}

// Routes

let last = [];

function showRoutes(operator) {
  const which = $('which').value;
  const named = $('named').value.trim();
  const shown = last.filter(
    ({ RouteId, consumes, helps, State, busy, failing }) =>
      RouteId.includes(named) && (which === 'all' || named || (which === 'consumer' ? consumes : State !== 'Started' || (busy && !helps) || failing)),
  );
  show($('routes'), shown, ({ RouteId }) => RouteId, routeRow, (row, route) => {
    const [, state, rate, plot, each, failed, act] = row.children;
    state.replaceChildren(h('b', { className: route.State === 'Started' ? 'well' : 'bad' }, route.State));
    rate.textContent = rounded(route.rates.at(-1));
    plot.replaceChildren(line(`${route.RouteId} each second`, route.rates));
    each.textContent = route.each === null ? '–' : rounded(route.each);
    failed.textContent = route.failures;
    failed.title = `${route.ExchangesFailed} failed, ${route.FailuresHandled} handled by the policy of the route`;
    const operation = route.State === 'Started' ? 'stop' : 'start';
    if (operator && (operation === 'start' || route.consumes) && act.operation !== operation) {
      act.operation = operation;
      act.replaceChildren(button(operation === 'stop' ? 'Stop' : 'Start', () => operate(route, operation).then(look)));
    }
  });
}

const routeRow = ({ RouteId, Description }) =>
  h('tr', {}, h('td', {}, RouteId, h('small', {}, Description)), h('td'), h('td', { className: 'number' }), h('td', { className: 'plot' }),
    h('td', { className: 'number' }), h('td', { className: 'number' }), h('td', { className: 'number' }));

/** What the route has done in the last five minutes. */
function measured(route) {
  const failures = route.ExchangesFailed + route.FailuresHandled;
  const totals = note(`route ${route.RouteId} totals`, [route.ExchangesTotal, route.TotalProcessingTime, failures]);
  const [count, spent, failed] = totals[0];
  return {
    ...route,
    failures,
    rates: rates(`route ${route.RouteId}`, route.ExchangesTotal),
    each: route.ExchangesTotal > count ? (route.TotalProcessingTime - spent) / (route.ExchangesTotal - count) : null,
    busy: route.ExchangesTotal > count,
    failing: failures > failed,
  };
}

// All of it

let operator = false;

async function look() {
  const [state, found, all] = await Promise.all([health(), metrics(), routes()]);
  showParts(state, found);
  showBreakers(found);
  showDead(found, operator);
  showQueues(found);
  last = all.map(measured);
  showRoutes(operator);
}

async function watch() {
  try {
    await look();
  } catch (failure) {
    $('status').replaceChildren(h('b', { className: 'bad' }, `The node does not answer: ${failure.message}`));
  }
  setTimeout(watch, 1000 * SECONDS);
}

$('host').textContent = location.host;
$('logout').onclick = logOut;
$('look').replaceWith(Object.assign(button('List them', list), { id: 'look' }));
$('which').onchange = $('named').oninput = () => showRoutes(operator);
operator = await mayOperate().catch(() => false);
watch();
