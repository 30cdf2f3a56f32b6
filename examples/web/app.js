// What the page shows. The part of the address behind # says which view it is.

import { listen, login, logout, me, post } from './api.js';
import { coverOf, uploadVideo } from './upload.js';

const FEEDS = {
  latest: ['Latest', '/feed/listLatest'],
  hot: ['Hot', '/feed/listByPopularity'],
  liked: ['Most liked', '/feed/listLikesCount'],
  following: ['Following', '/feed/listByFollowing'],
};
const EVENTS = {
  like: 'likes your video',
  comment: 'commented on your video',
  follow: 'follows you',
  mention: 'mentioned you in a comment',
  digest: 'and others like your video',
  message: 'sent you a message',
};

const main = document.getElementById('main');
let view = 0;
let stopListening = () => {};
let onNews = () => {};

// Nodes. Texts become text nodes, so that nothing of another person is ever markup.

/** An element with properties, attributes (where it has no such property) and children, which are nodes, texts, or nothing. */
function h(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in element) {
      element[key] = value;
    } else if (value !== undefined) {
      element.setAttribute(key, value);
    }
  }
  element.append(...children.flat().filter((child) => child || child === 0));
  return element;
}

const many = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`;
const link = (to, ...text) => h('a', { href: `#/${to}` }, ...text);
const field = (label, properties) => h('label', {}, label, h(properties.rows ? 'textarea' : 'input', { name: label.toLowerCase(), ...properties }));
const time = (value) => {
  const date = new Date(typeof value === 'number' ? value * 1000 : value);
  return h('time', { dateTime: date.toISOString() }, date.toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' }));
};

/** A button that says what went wrong, and cannot be pressed again before it is done. */
function button(text, act, properties = {}) {
  const element = h('button', { type: 'button', ...properties }, text);
  element.onclick = () => run(element, () => act(element));
  return element;
}

/** A form whose fields are handed over as an object. */
function form(text, act, ...fields) {
  const submit = h('button', {}, text);
  const element = h('form', {}, ...fields, submit);
  element.onsubmit = (event) => {
    event.preventDefault();
    run(submit, () => act(Object.fromEntries(new FormData(element)), element));
  };
  return element;
}

async function run(element, act) {
  element.disabled = true;
  try {
    await act();
  } catch (failure) {
    say(failure.message, 'wrong');
  } finally {
    element.disabled = false;
  }
}

/** Tells the person something that need not be looked for. */
function say(text, kind = '') {
  const line = h('p', { className: kind }, text);
  document.getElementById('news').append(line);
  setTimeout(() => line.remove(), 6000);
}

// Accounts

const accounts = new Map();

/** The account with this id, asked for once. */
function account(id) {
  if (!accounts.has(id)) {
    accounts.set(id, post('/account/findByID', { id }).catch(() => ({ id, username: 'somebody' })));
  }
  return accounts.get(id);
}

function avatar({ username, avatar_url: url }) {
  return url ? h('img', { className: 'avatar', src: url, alt: '' }) : h('span', { className: 'avatar', ariaHidden: 'true' }, username[0]?.toUpperCase() ?? '?');
}

function loginView() {
  const enter = async ({ name, password }) => {
    await login(name, password);
    begin();
    location.hash = '#/latest';
    route();
  };
  return [
    h('h1', {}, 'Welcome'),
    h('div', { className: 'columns' },
      h('section', {}, h('h2', {}, 'Log in'), form('Log in', enter,
        field('Name', { required: true, autocomplete: 'username' }),
        field('Password', { type: 'password', required: true, autocomplete: 'current-password' }))),
      h('section', {}, h('h2', {}, 'Or register'), form('Register', async (entered) => {
        await post('/account/register', { username: entered.name, password: entered.password });
        await enter(entered);
      },
        field('Name', { required: true, maxLength: 191, autocomplete: 'username' }),
        field('Password', { type: 'password', required: true, autocomplete: 'new-password' })))),
  ];
}

async function accountView(id) {
  const [profile, videos, mine] = await Promise.all([
    post('/account/getProfile', { account_id: id }),
    post('/video/listByAuthorID', { author_id: id }),
    me() && post('/social/getAllVloggers'),
  ]);
  const isMe = me()?.account_id === id;
  const counts = h('p', { className: 'counts' },
    [many(profile.video_count, 'video'), many(profile.total_likes, 'like'), many(profile.follower_count, 'follower'), `follows ${profile.vlogger_count}`].join(' · '));
  return [
    h('section', { className: 'profile' },
      avatar(profile.account),
      h('div', {}, h('h1', {}, profile.account.username), profile.account.bio && h('p', {}, profile.account.bio), counts),
      h('p', { className: 'actions' },
        isMe ? avatarForm() : me() && [followButton(id, mine.vloggers.some((vlogger) => vlogger.id === id)), link(`messages/${id}`, 'Message')])),
    ...videos.map((video) => card({ ...video, author: { id: video.author_id, username: video.username } })),
  ];
}

function followButton(id, follows) {
  const show = (element) => {
    element.textContent = follows ? 'Unfollow' : 'Follow';
    element.ariaPressed = follows;
    return element;
  };
  return show(button('', async (element) => {
    await post(follows ? '/social/unfollow' : '/social/follow', { vlogger_id: id });
    follows = !follows;
    show(element);
  }));
}

function avatarForm() {
  const file = h('input', { type: 'file', name: 'file', accept: 'image/jpeg,image/png,image/webp' });
  file.onchange = () => run(file, async () => {
    const upload = new FormData();
    upload.append('file', file.files[0]);
    await post('/account/uploadAvatar', upload);
    accounts.delete(me().account_id);
    route();
  });
  return h('label', { className: 'button' }, 'Another picture', file);
}

// Videos

async function feedView(name, path = FEEDS[name][1], more = {}) {
  const list = h('div', { className: 'feed' });
  let next = { limit: 6, ...more };
  const load = async (element) => {
    const page = await post(path, next);
    list.append(...page.video_list.map(card));
    for (const [key, value] of Object.entries(page)) {
      // next_time is the only one whose name is not that of the parameter.
      next[key.replace(/^next_(time$)?/, (_, isTime) => (isTime ? 'latest_time' : ''))] = value;
    }
    delete next.video_list;
    element.hidden = !page.has_more;
    return page.video_list.length;
  };
  const button = moreButton(load);
  const count = await load(button);
  return [h('h1', {}, FEEDS[name]?.[0] ?? `#${name}`), count === 0 ? h('p', { className: 'empty' }, 'No videos here yet.') : list, button];
}

const moreButton = (load) => button('More', load, { className: 'more' });

function card(video) {
  const player = h('video', { src: safe(video.play_url), poster: safe(video.cover_url), controls: true, preload: 'none', playsInline: true, loop: true, ariaLabel: video.title });
  const comments = h('section', { hidden: true, className: 'comments', ariaLabel: 'Comments' });
  return h('article', { 'data-video': video.id },
    player,
    h('div', { className: 'about' },
      h('h2', {}, link(`video/${video.id}`, video.title)),
      h('p', { className: 'by' }, link(`account/${video.author.id}`, video.author.username), ' · ', time(video.create_time)),
      video.description && h('p', {}, ...withTags(video.description)),
      video.status && video.status !== 'ready' && h('p', { className: 'state' }, video.status_reason ?? 'This video is being processed.'),
      h('p', { className: 'actions' }, likeButton(video), commentsButton(video, comments)),
      comments));
}

/** Whatever an author writes, only these are followed. */
function safe(url) {
  const { protocol, href } = new URL(url, location.href);
  return /^https?:$/.test(protocol) ? href : '';
}

const withTags = (text) => text.split(/(#[\p{L}\p{N}_]+)/u).map((part) => (part.startsWith('#') ? link(`tag/${encodeURIComponent(part.slice(1))}`, part) : part));

function likeButton(video) {
  let { is_liked: likes, likes_count: count } = video;
  const show = (element) => {
    element.textContent = `${likes ? '♥' : '♡'} ${count}`;
    element.ariaPressed = Boolean(likes);
    element.ariaLabel = `${likes ? 'Unlike' : 'Like'}, ${many(count, 'like')}`;
    return element;
  };
  const element = show(button('', async () => {
    needsLogin();
    await post(likes ? '/like/unlike' : '/like/like', { video_id: video.id });
    likes = !likes;
    count += likes ? 1 : -1;
    show(element);
  }, { className: 'like' }));
  if (likes === undefined && me()) {
    post('/like/isLiked', { video_id: video.id }).then((answer) => {
      likes = answer.is_liked;
      show(element);
    }, () => {});
  }
  return element;
}

function commentsButton(video, section) {
  return button('Comments', async (element) => {
    section.hidden = !section.hidden;
    element.ariaExpanded = !section.hidden;
    if (!section.hidden) {
      await showComments(video, section);
    }
  }, { ariaExpanded: 'false' });
}

async function showComments(video, section) {
  const comments = await post('/comment/listAll', { video_id: video.id });
  const list = h('ol', {}, comments.map((comment) => h('li', {},
    link(`account/${comment.author_id}`, comment.username), ' ', comment.content, ' ', time(comment.created_at), ' ',
    comment.author_id === me()?.account_id && button('Delete', async () => {
      await post('/comment/delete', { comment_id: comment.id });
      await showComments(video, section);
    }))));
  section.replaceChildren(
    comments.length === 0 ? h('p', { className: 'empty' }, 'Nobody has commented yet.') : list,
    me() ? form('Send', async ({ comment }) => {
      await post('/comment/publish', { video_id: video.id, content: comment });
      await showComments(video, section);
    }, field('Comment', { required: true, maxLength: 1000 })) : h('p', {}, link('login', 'Log in'), ' to comment.'));
}

async function videoView(id) {
  const video = await post('/video/getDetail', { id });
  const shown = card({ ...video, author: { id: video.author_id, username: video.username } });
  shown.querySelector('[aria-expanded]').click();
  return [shown];
}

function publishView() {
  needsLogin();
  const bar = h('progress', { max: 1, value: 0, hidden: true, ariaLabel: 'Upload' });
  const state = h('p', { role: 'status' });
  const publish = async ({ title, description, file, cover }) => {
    bar.hidden = false;
    const play_url = await uploadVideo(file, (what, part) => {
      bar.value = part;
      state.textContent = `${what}: ${Math.round(part * 100)} %`;
    });
    const picture = new FormData();
    picture.append('file', cover.size > 0 ? cover : await coverOf(file), cover.size > 0 ? cover.name : 'cover.jpg');
    const { cover_url } = await post('/video/uploadCover', picture);
    const video = await post('/video/publish', { title, description, play_url, cover_url });
    say('Your video is published.');
    location.hash = `#/video/${video.id}`;
  };
  return [
    h('h1', {}, 'Publish a video'),
    form('Publish', publish,
      field('Video (MP4, up to 200 MB)', { name: 'file', type: 'file', accept: 'video/mp4,.mp4', required: true }),
      field('Title', { required: true, maxLength: 255 }),
      field('Description', { rows: 3, maxLength: 255, placeholder: 'with #tags' }),
      field('Cover (JPEG, PNG or WebP; else the first picture)', { name: 'cover', type: 'file', accept: 'image/jpeg,image/png,image/webp' }),
      bar, state),
  ];
}

// Messages and notifications

async function messagesView() {
  needsLogin();
  const { conversations } = await post('/message/conversations');
  onNews = (news) => news.type === 'message' && route();
  return [
    h('h1', {}, 'Messages'),
    conversations.length === 0 ? h('p', { className: 'empty' }, 'Nobody has written yet. Begin on the page of an account.') : h('ul', { className: 'rows' },
      conversations.map((one) => h('li', {}, avatar(one), link(`messages/${one.peer_id}`, one.username),
        h('span', { className: 'last' }, one.last_message.content), one.unread_count > 0 && h('b', {}, `${one.unread_count} new`)))),
  ];
}

async function conversationView(id) {
  needsLogin();
  const peer = await account(id);
  const list = h('ol', { className: 'messages', ariaLive: 'polite' });
  const load = async () => {
    const { messages } = await post('/message/list', { peer_id: id });
    list.replaceChildren(...messages.reverse().map((message) =>
      h('li', { className: message.from_id === id ? 'theirs' : 'mine' }, h('p', {}, message.content), time(message.created_at))));
    list.lastElementChild?.scrollIntoView({ block: 'nearest' });
  };
  await load();
  onNews = (news) => news.type === 'message' && news.sender_id === id && load();
  return [
    h('h1', {}, link(`account/${id}`, peer.username)),
    list,
    form('Send', async ({ message }, element) => {
      await post('/message/send', { to_id: id, content: message });
      element.reset();
      await load();
    }, field('Message', { rows: 2, required: true, maxLength: 2000 })),
  ];
}

async function sentence(news) {
  const to = { follow: `account/${news.sender_id}`, message: `messages/${news.sender_id}` }[news.type] ?? `video/${news.target_id}`;
  return link(to, `${(await account(news.sender_id)).username} ${EVENTS[news.type] ?? news.content}`);
}

async function notificationsView() {
  needsLogin();
  const { notifications } = await post('/notification/list');
  onNews = route;
  const rows = await Promise.all(notifications.map(async (news) =>
    h('li', { className: news.is_read ? '' : 'new' }, await sentence(news), ' ', time(news.created_at))));
  await post('/notification/markRead');
  showUnread(0);
  return [h('h1', {}, 'Notifications'), rows.length === 0 ? h('p', { className: 'empty' }, 'Nothing yet.') : h('ul', { className: 'rows' }, rows)];
}

function showUnread(count) {
  document.getElementById('unread')?.replaceChildren(count > 0 ? String(count) : '');
}

const countUnread = () => post('/notification/unreadCount').then(({ count }) => showUnread(count), () => {});

// The page

function needsLogin() {
  if (!me()) {
    location.hash = '#/login';
    throw new Error('Please log in first.');
  }
}

const VIEWS = {
  login: loginView,
  publish: publishView,
  notifications: notificationsView,
  tag: (name) => feedView(name, '/feed/listByTag', { tag_name: name, limit: 50 }),
  video: (id) => videoView(Number(id)),
  account: (id) => accountView(Number(id)),
  messages: (id) => (id ? conversationView(Number(id)) : messagesView()),
  following: () => needsLogin() ?? feedView('following'),
};

async function route() {
  const shown = ++view;
  const [name, argument] = location.hash.slice(2).split('/').map(decodeURIComponent);
  onNews = () => {};
  showNavigation(name);
  try {
    const nodes = await (VIEWS[name]?.(argument) ?? feedView(name in FEEDS ? name : 'latest'));
    if (shown === view) {
      main.replaceChildren(...nodes);
      document.title = `${main.querySelector('h1, h2')?.textContent ?? ''} · feed-routes`;
    }
  } catch (failure) {
    say(failure.message, 'wrong');
  }
}

function showNavigation(current) {
  const entry = (to, ...text) => h('a', { href: `#/${to}`, ...(to === current ? { 'aria-current': 'page' } : {}) }, ...text);
  const feeds = Object.entries(FEEDS).filter(([name]) => me() || name !== 'following');
  document.getElementById('feeds').replaceChildren(...feeds.map(([name, [title]]) => entry(name, title)));
  const unread = document.getElementById('unread') ?? h('b', { id: 'unread' });
  document.getElementById('account').replaceChildren(...(me()
    ? [entry('publish', 'Publish'), entry('messages', 'Messages'), entry('notifications', 'Notifications ', unread), link(`account/${me().account_id}`, me().username),
      button('Log out', async () => {
        await logout();
        dispatchEvent(new Event('session-ended'));
      })]
    : [entry('login', 'Log in')]));
}

/** Listens to what others do, as long as the session lasts. */
function begin() {
  stopListening();
  stopListening = listen(async (news) => {
    onNews(news);
    say((await sentence(news)).textContent);
    await countUnread();
  });
  countUnread();
}

addEventListener('hashchange', () => {
  main.replaceChildren();
  scrollTo(0, 0);
  route();
  main.focus();
});
addEventListener('session-ended', () => {
  stopListening();
  location.hash = '#/login';
});
if (me()) {
  begin();
}
route();
