// The first displayed element for a selector (`css`, or where that is null `xpath`), inside the first displayed part for
// `within` where that is given. One question instead of one for each match: the driver's own takes a script of a thousand
// lines to the page for every element that it looks at.
const [within, css, xpath] = arguments;
const SEEN = {opacityProperty: true, visibilityProperty: true};

const hasSize = element => {
  const box = element.getBoundingClientRect();
  return (box.width > 0 && box.height > 0) || [...element.children].some(hasSize);
};
const isDisplayed = element => {
  // An option of a closed list is there as long as its list is.
  const shown = element.closest('select') ?? element;
  if (getComputedStyle(shown).display === 'contents') {
    return shown.parentElement.checkVisibility(SEEN) && shown.childNodes.length > 0;
  }
  return shown.checkVisibility(SEEN) && hasSize(shown);
};
const found = function* (root) {
  if (css !== null) {
    yield* root.querySelectorAll(css);
    return;
  }
  const matches = document.evaluate(xpath, root, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE, null);
  for (let at = 0; at < matches.snapshotLength; at += 1) yield matches.snapshotItem(at);
};
const first = elements => {
  for (const element of elements) if (isDisplayed(element)) return element;
  return null;
};

const root = within === null ? document : first(document.querySelectorAll(within));
return root && first(found(root));
