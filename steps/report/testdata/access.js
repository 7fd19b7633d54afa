// Looks over a report as it is shown now and tells everything that keeps
// somebody from reading or using it.
() => {
  const faults = [];
  const tell = (what, e) => faults.push(what + ': ' + e.outerHTML.slice(0, 100).replace(/\s+/g, ' '));
  const all = (css) => [...document.querySelectorAll(css)].filter((e) => e.checkVisibility());
  const text = (e) => (e.getAttribute('aria-label') || (e.getAttribute('aria-labelledby') || '').split(' ').map((id) => document.getElementById(id)?.textContent || '').join(' ') || e.textContent).trim();

  if (!document.documentElement.lang) tell('no language', document.documentElement);
  if (!document.title) tell('no title', document.head);
  for (const [css, n] of [['main', 1], ['body > header', 1], ['h1', 1]]) {
    if (document.querySelectorAll(css).length !== n) faults.push(document.querySelectorAll(css).length + ' of ' + css);
  }
  for (const e of document.body.children) if (!e.matches('header, main, script')) tell('outside of the landmarks', e);
  for (const e of all('section, form, [role=group]')) {
    if (!text(e)) tell('no name', e);
    if (e.matches('section') && !e.getAttribute('aria-label') && !e.querySelector('h2')) tell('a section without heading', e);
  }
  let level = 0;
  for (const h of all('h1, h2, h3, h4, h5, h6')) {
    if (+h.tagName[1] > level + 1) tell('a heading too deep after level ' + level, h);
    if (!text(h)) tell('an empty heading', h);
    level = +h.tagName[1];
  }
  const ids = new Set();
  for (const e of document.querySelectorAll('[id]')) {
    if (ids.has(e.id)) tell('an id twice', e);
    ids.add(e.id);
  }
  for (const a of document.querySelectorAll('a[href^="#"]')) if (!ids.has(a.getAttribute('href').slice(1))) tell('leads nowhere', a);
  for (const e of document.querySelectorAll('[aria-labelledby]')) {
    for (const id of e.getAttribute('aria-labelledby').split(' ')) if (!ids.has(id)) tell('named by nothing', e);
  }
  for (const e of all('a, button, summary, input')) if (!text(e)) tell('no name', e);
  for (const e of document.querySelectorAll('img')) if (!e.alt) tell('no alternative text', e);
  for (const e of document.querySelectorAll('svg')) if (!e.getAttribute('aria-label') || e.getAttribute('role') !== 'img') tell('a drawing without name', e);
  for (const t of document.querySelectorAll('table')) {
    for (const h of t.querySelectorAll('th')) if (!h.scope) tell('a header without scope', h);
    if (!t.querySelector('thead th')) tell('no header', t);
    for (const r of t.querySelectorAll('tbody tr')) if (!r.querySelector('th[scope=row]')) tell('a row without header', r);
  }
  for (const e of document.querySelectorAll('ul, ol')) for (const li of e.children) if (li.tagName !== 'LI') tell('no item', li);
  for (const e of document.querySelectorAll('[tabindex]')) if (e.tabIndex > 0) tell('out of order', e);
  for (const e of all('body *')) {
    const scrolls = /auto|scroll/.test(getComputedStyle(e).overflowX + getComputedStyle(e).overflowY);
    if (scrolls && (e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1) && e.tabIndex < 0) tell('scrolls out of reach of the keyboard', e);
  }

  // Contrast: every text against what lies behind it, at its worst.
  const parse = (css) => {
    const m = css.match(/[\d.]+/g).map(Number);
    return { r: m[0], g: m[1], b: m[2], a: m.length > 3 ? m[3] : 1 };
  };
  const over = (c, under) => ({ r: c.r * c.a + under.r * (1 - c.a), g: c.g * c.a + under.g * (1 - c.a), b: c.b * c.a + under.b * (1 - c.a), a: 1 });
  const light = (c) => {
    const [r, g, b] = [c.r, c.g, c.b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const behind = (e) => {
    if (!e) return [parse(getComputedStyle(document.documentElement).colorScheme === 'dark' ? 'rgb(18, 18, 18)' : 'rgb(255, 255, 255)')];
    const style = getComputedStyle(e);
    const stops = (style.backgroundImage.match(/rgba?\([^)]*\)/g) || []).map(parse);
    const own = stops.length ? stops : [parse(style.backgroundColor)];
    if (own.every((c) => c.a === 1)) return own;
    return behind(e.parentElement).flatMap((under) => own.map((c) => over(c, under)));
  };
  let texts = 0;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || e.closest('script, style, .said') || !e.checkVisibility()) continue;
    const style = getComputedStyle(e);
    const ink = parse(e.closest('svg') ? style.fill : style.color);
    for (let up = e; up; up = up.parentElement) ink.a *= +getComputedStyle(up).opacity;
    const size = parseFloat(style.fontSize);
    const needed = size >= 24 || size >= 18.66 && +style.fontWeight >= 700 ? 3 : 4.5;
    texts++;
    const worst = Math.min(...behind(e).map((ground) => ratio(over(ink, ground), ground)));
    if (worst < needed) tell('contrast of ' + worst.toFixed(2) + ' instead of ' + needed, e);
  }
  if (texts < 20) faults.push('only ' + texts + ' texts were looked at');
  return faults;
}
