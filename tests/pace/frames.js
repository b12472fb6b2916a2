// Notes every frame until `benchStop` is called: when it began, how long its work took, and how long rows of the list stayed
// blank in sight. The first and the last line of a list are covered by its head and its foot.
const COVERED = 36;
const frames = [], work = [], blankSince = new Map();
let blank = 0, isOn = true;
const list = document.querySelector('.grid-box');

const blankRows = () => {
  if (!list) return [];
  const edges = list.getBoundingClientRect();
  const top = edges.top + COVERED, bottom = edges.bottom - COVERED;
  const rows = [...list.querySelectorAll('tbody > tr:not(.gap)')];
  const isSeen = row => {
    const box = row.getBoundingClientRect();
    return box.bottom > top && box.top < bottom;
  };
  const found = rows.filter(row => row.querySelector('.skeleton') && isSeen(row)).map(row => row.ariaRowIndex);
  // Where rows should be and none is drawn.
  const first = rows[0]?.getBoundingClientRect(), last = rows.at(-1)?.getBoundingClientRect();
  if (!first || first.top > top + 1 || last.bottom < bottom - 1) found.push('nothing');
  return found;
};

const look = time => {
  if (!isOn) return;
  frames.push(time);
  const now = new Set(blankRows());
  for (const row of now) if (!blankSince.has(row)) blankSince.set(row, time);
  for (const [row, since] of blankSince) {
    if (!now.has(row)) {
      blank = Math.max(blank, time - since);
      blankSince.delete(row);
    }
  }
  // A message comes after the frame was painted and handed over.
  const channel = new MessageChannel();
  channel.port1.onmessage = () => work.push(performance.now() - time);
  channel.port2.postMessage(0);
  requestAnimationFrame(look);
};
requestAnimationFrame(look);

window.benchStop = () => {
  isOn = false;
  for (const since of blankSince.values()) blank = Math.max(blank, performance.now() - since);
  return { frames, work, blank };
};
