// What is wrong with how a page looks, for every element of it: text that runs over its box, is cut, or lies on other text, and,
// where fingers press, targets that are too small. Gives one sentence for each, with the place. `arguments[0]` is the least size
// of a target in pixels, or 0 where a mouse points.
const least = arguments[0];
const found = [];
const EDGE = 2;

// What lies on top is looked at alone: what is below was looked at before it was opened, and cannot be pressed now.
const LAYERS = 'dialog:modal, :popover-open:not(.toasts, .tooltip)';
const layer = [...document.querySelectorAll(LAYERS)].at(-1) ?? document.body;

const place = element => {
  const names = [];
  for (let at = element; at && at !== document.body && names.length < 4; at = at.parentElement) {
    const classes = typeof at.className === 'string' ? at.className.trim().split(/\s+/).filter(Boolean).slice(0, 3) : [];
    names.unshift(at.tagName.toLowerCase() + classes.map(name => '.' + name).join(''));
  }
  return names.join(' > ');
};
const words = text => text.trim().replace(/\s+/g, ' ').slice(0, 40);
const say = (what, element, text) => found.push(`${what}: "${words(text)}" at ${place(element)}`);

const isSeen = element => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
const hides = (style, axis) => ['hidden', 'clip'].includes(style[axis]);
const scrolls = (style, axis) => ['auto', 'scroll'].includes(style[axis]);

// The part of a box that ancestors let through; `cut` names the one that hides some of it without a way to scroll there.
const shown = (box, element) => {
  let { left, right, top, bottom } = box;
  let cut = null;
  for (let at = element; at && at !== document.documentElement; at = at.parentElement) {
    const style = getComputedStyle(at);
    const edges = at.getBoundingClientRect();
    for (const [axis, low, high] of [['overflowX', 'left', 'right'], ['overflowY', 'top', 'bottom']]) {
      if (!hides(style, axis) && !scrolls(style, axis)) continue;
      const over = Math.max(edges[low] - box[low], box[high] - edges[high]);
      if (over > EDGE && hides(style, axis) && !cut) cut = at;
      if (scrolls(style, axis) && over > EDGE) return { left, right, top, bottom, cut, isAway: true };
      if (axis === 'overflowX') { left = Math.max(left, edges.left); right = Math.min(right, edges.right); }
      else { top = Math.max(top, edges.top); bottom = Math.min(bottom, edges.bottom); }
    }
    if (style.position === 'fixed') break;
  }
  return { left, right, top, bottom, cut, isAway: false };
};

// A text that is shortened on purpose ends in dots, and is told whole where one points or listens.
const isShortened = (cut, element, text) => {
  // What is drawn under an input goes with it where that is scrolled.
  if (element.closest('[data-under]')) return true;
  const style = getComputedStyle(cut);
  const dots = style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none' || cut.closest('[data-shortens]');
  if (!dots) return false;
  const whole = words(text);
  for (let at = element; at && at !== document.body; at = at.parentElement) {
    const told = [at.getAttribute('title'), at.getAttribute('aria-label')].filter(Boolean);
    if (told.some(told => told.includes(whole.slice(0, 20)))) return true;
    // Cells of tables are drawn wider; what stands in them is whole in the record.
    if (at.matches('td, th, [role=gridcell], [role=columnheader], option, .input, .value')) return true;
  }
  return false;
};

// Texts in sight, each line of them a box.
const texts = [];
const walker = document.createTreeWalker(layer, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const node = walker.currentNode;
  const element = node.parentElement;
  if (!node.data.trim() || !element || element.closest('script, style, noscript, svg, option, [inert]')) continue;
  if (!isSeen(element)) continue;
  const own = element.getBoundingClientRect();
  // For screen readers alone.
  if (own.width <= 1 || own.height <= 1) continue;
  const range = document.createRange();
  range.selectNodeContents(node);
  for (const box of range.getClientRects()) {
    if (box.width < 1 || box.height < 1) continue;
    const part = shown(box, element);
    if (part.isAway) continue;
    if (part.cut && !isShortened(part.cut, element, node.data)) say('cut', element, node.data);
    if (part.right - part.left < 1 || part.bottom - part.top < 1) continue;
    if (!part.cut && (box.right > innerWidth + EDGE || box.left < -EDGE)) say('beyond the window', element, node.data);
    texts.push({ element, text: node.data, ...part });
  }
}

const page = document.documentElement;
if (page.scrollWidth > innerWidth + 1) found.push(`the page is ${page.scrollWidth - innerWidth} px wider than its window`);

// Whether both texts are painted where they cross: nothing opaque lies between them.
const bothPainted = (one, other, x, y) => {
  const stack = document.elementsFromPoint(x, y);
  const [at, to] = [stack.indexOf(one), stack.indexOf(other)];
  if (at < 0 || to < 0) return false;
  const [top, bottom] = [Math.min(at, to), Math.max(at, to)];
  return stack.slice(top, bottom).every(element => {
    if (element.contains(stack[bottom])) return true;
    const style = getComputedStyle(element);
    const clear = style.backgroundColor === 'transparent' || /, 0(\.\d+)?\)$|\/ 0(\.\d+)?\)$/.test(style.backgroundColor);
    return clear && style.backgroundImage === 'none';
  });
};
texts.sort((one, other) => one.top - other.top);
for (let at = 0; at < texts.length; at++) {
  for (let to = at + 1; to < texts.length && texts[to].top < texts[at].bottom - EDGE; to++) {
    const [one, other] = [texts[at], texts[to]];
    if (one.element === other.element) continue;
    const left = Math.max(one.left, other.left), right = Math.min(one.right, other.right);
    const top = Math.max(one.top, other.top), bottom = Math.min(one.bottom, other.bottom);
    // Boxes of lines are higher than their letters.
    if (right - left <= EDGE || bottom - top <= 5) continue;
    if (bothPainted(one.element, other.element, (left + right) / 2, (top + bottom) / 2)) {
      say(`lies on "${words(other.text)}"`, one.element, one.text);
    }
  }
}

// What a finger presses. A link in a sentence is as high as its line.
if (least > 0) {
  const TARGETS = 'a[href], button, input, select, textarea, summary, [role=button], [role=tab], [role=option], [role^=menuitem], [role=radio]';
  for (const element of layer.querySelectorAll(TARGETS)) {
    if (!isSeen(element) || element.closest('[inert], [aria-hidden=true]') || element.type === 'hidden') continue;
    if (element.matches('a') && getComputedStyle(element).display === 'inline') continue;
    // A press anywhere in the frame of an input, or on its words, is one on the input.
    const area = element.closest('label') ?? (element.matches('input, textarea') ? element.closest('.input') : null) ?? element;
    let box = area.getBoundingClientRect();
    if (box.width <= 1 || box.height <= 1 || shown(box, area).isAway) continue;
    if (box.width < least || box.height < least) {
      // Only what is in sight is found by a point.
      area.scrollIntoView({ block: 'center', behavior: 'instant' });
      box = area.getBoundingClientRect();
    }
    const x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2;
    const reaches = (dx, dy) => {
      const hit = document.elementFromPoint(x + dx, y + dy);
      return hit !== null && (area.contains(hit) || hit.contains(area) && hit.matches(TARGETS + ', label'));
    };
    // A whole card may lead where the number on it leads.
    const isDrawnLarger = ['::before', '::after'].some(part => {
      const style = getComputedStyle(element, part);
      const isThere = style.content !== 'none' && style.position === 'absolute';
      return isThere && parseFloat(style.width) >= least && parseFloat(style.height) >= least;
    });
    if (isDrawnLarger) continue;
    const half = least / 2 - 1;
    const isWide = box.width >= least - 0.5 || reaches(-half, 0) && reaches(half, 0);
    const isHigh = box.height >= least - 0.5 || reaches(0, -half) && reaches(0, half);
    if (!isWide || !isHigh) {
      const name = element.getAttribute('aria-label') ?? element.innerText ?? '';
      say(`only ${Math.round(box.width)} × ${Math.round(box.height)} px`, element, name);
    }
  }
}
return [...new Set(found)];
