// Uploads a video in chunks, three at a time. What breaks off goes on where it was when the same file is chosen again.

import { post } from './api.js';
import { Md5 } from './md5.js';

const CHUNK = 5 * 1024 * 1024;
const AT_ONCE = 3;
const ATTEMPTS = 3;

/**
 * @param {File} file
 * @param {function(string, number)} progress what is done, and which part of it is done, from 0 to 1
 * @returns {Promise<string>} the URL of the video
 */
export async function uploadVideo(file, progress) {
  const total = Math.max(1, Math.ceil(file.size / CHUNK));
  const chunk = (index) => file.slice(index * CHUNK, (index + 1) * CHUNK);
  const whole = new Md5();
  const hashes = [];
  for (let index = 0; index < total; index++) {
    const bytes = new Uint8Array(await chunk(index).arrayBuffer());
    whole.update(bytes);
    hashes.push(new Md5().update(bytes).hex());
    progress('Reading', (index + 1) / total);
  }

  const { upload_id, uploaded_chunks } = await post('/video/chunk/init', {
    filename: file.name,
    file_size: file.size,
    chunk_size: CHUNK,
    total_chunks: total,
    file_hash: whole.hex(),
  });
  const missing = [...hashes.keys()].filter((index) => !uploaded_chunks.includes(index));
  let sent = total - missing.length;
  const send = async () => {
    for (let index = missing.shift(); index !== undefined; index = missing.shift()) {
      const form = new FormData();
      form.append('upload_id', upload_id);
      form.append('chunk_index', index);
      form.append('chunk_hash', hashes[index]);
      form.append('file', chunk(index));
      await attempt(() => post('/video/chunk/upload', form));
      progress('Uploading', ++sent / total);
    }
  };
  progress('Uploading', sent / total);
  await Promise.all(Array.from({ length: AT_ONCE }, send));
  return (await attempt(() => post('/video/chunk/complete', { upload_id }))).url;
}

async function attempt(request) {
  for (let left = ATTEMPTS - 1; ; left--) {
    try {
      return await request();
    } catch (failure) {
      if (left === 0 || (failure.status >= 400 && failure.status < 500)) {
        throw failure;
      }
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

/** A cover for a video: its first picture, or a plain one when the browser cannot play it. @returns {Promise<Blob>} */
export async function coverOf(file) {
  const video = document.createElement('video');
  video.muted = true;
  video.preload = 'auto';
  video.src = URL.createObjectURL(file);
  await new Promise((resolve) => {
    video.onloadeddata = resolve;
    video.onerror = resolve;
    setTimeout(resolve, 5000);
  });
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth || 640;
  canvas.height = video.videoHeight || 360;
  const picture = canvas.getContext('2d');
  picture.fillStyle = '#324a5f';
  picture.fillRect(0, 0, canvas.width, canvas.height);
  if (video.videoWidth > 0) {
    picture.drawImage(video, 0, 0);
  }
  URL.revokeObjectURL(video.src);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.85));
}
