// page answers one look at the present document. It returns {state, ...}:
// "ok" with value, "wait" (look again) or "no" (it will not get better), the
// last two with reason. Each try runs in one go, so nothing changes under it.
// While the answer is "wait" it tries again whenever the document changes or
// loads on, for at most patience milliseconds; a document that goes away
// meanwhile ends the look with an error, and the next one is asked.
(ask, a, patience) => {
  const leaving = '__conformanceLeaving';
  const squash = (s) => (s || '').replace(/\s+/g, ' ').trim();
  const text = (e) => squash(e.innerText === undefined ? e.textContent : e.innerText);
  const visible = (e) => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== 'hidden';
  const where = () => {
    const one = (css) => { const e = document.querySelector(css); return e ? text(e).slice(0, 200) : ''; };
    return { url: location.href, heading: one('h1'), alert: one('[role=alert]') };
  };
  const ok = (value) => ({ state: 'ok', value: value === undefined ? null : value });
  const wait = (reason) => ({ state: 'wait', reason, ...where() });
  const no = (reason) => ({ state: 'no', reason, ...where() });

  const all = (css) => [...document.querySelectorAll(css)];
  const root = () => (a.within ? document.querySelector(a.within) : document);
  const listed = (names) => names.length ? '; there are: ' + [...new Set(names)].slice(0, 8).join(', ') : '';

  // leave marks this document as being left, until it comes back from the
  // back/forward cache.
  const leave = (by) => {
    window[leaving] = by + ' led to no new page yet';
    addEventListener('pageshow', () => { delete window[leaving]; }, { once: true });
  };
  // act does something to an element and notices whether that opens a page.
  const act = (by, work) => {
    let event = null;
    const note = (e) => { event = e; };
    const followed = (e) => {
      const link = e.target.closest && e.target.closest('a[href]');
      if (link && !(link.target && link.target !== '_self') && !link.hasAttribute('download') &&
          link.href.split('#')[0] !== location.href.split('#')[0]) event = e;
    };
    const submitted = (e) => {
      const f = e.target, b = e.submitter;
      const to = (b && b.getAttribute('formtarget')) || f.target;
      if ((!to || to === '_self') && f.method !== 'dialog') note(e);
    };
    addEventListener('submit', submitted, true);
    addEventListener('click', followed, true);
    work();
    removeEventListener('submit', submitted, true);
    removeEventListener('click', followed, true);
    if (event && !event.defaultPrevented) leave(by);
  };

  const buttonName = (e) => text(e) || squash(e.value) || squash(e.getAttribute('aria-label'));
  const pick = (kind, css, name, wanted) => {
    const from = root();
    if (!from) return { miss: wait('nothing matches ' + a.within) };
    const seen = [...from.querySelectorAll(css)].filter(visible);
    const found = seen.filter((e) => name(e) === wanted);
    if (found.length === 1) return { hit: found[0] };
    if (found.length > 1) return { miss: no(found.length + ' ' + kind + 's are called so; name the container') };
    return { miss: wait('no ' + kind + ' is called so' + listed(seen.map(name))) };
  };
  const labelled = () => {
    const name = (l) => {
      const copy = l.cloneNode(true);
      copy.querySelectorAll('input, select, textarea, small, [data-error-for]').forEach((e) => e.remove());
      return squash(copy.textContent);
    };
    const p = pick('label', 'label', name, a.name);
    if (!p.hit) return p;
    const field = p.hit.control;
    if (!field) return { miss: no('the label belongs to no field') };
    if (field.disabled || field.readOnly) return { miss: no('the field takes no input') };
    return { hit: field };
  };

  const answer = () => {
    if (window[leaving]) return wait(window[leaving]);
    if (document.readyState === 'loading') return wait('the page is still loading');
    return asked();
  };
  // loaded says that the load event is over: what leaves a page earlier replaces
  // it in the history.
  const loaded = () => {
    const [visit] = performance.getEntriesByType('navigation');
    return document.readyState === 'complete' && !(visit && visit.loadEventEnd === 0);
  };
  const asked = () => {
    switch (ask) {
      case 'press': {
        const p = pick('button', 'button, input[type=submit], input[type=button], [role=button]', buttonName, a.name);
        if (!p.hit) return p.miss;
        if (!loaded()) return wait('the page is still loading');
        if (p.hit.disabled || p.hit.getAttribute('aria-disabled') === 'true') return no('the button is disabled');
        act('pressing "' + a.name + '"', () => p.hit.click());
        return ok();
      }
      case 'follow': {
        const p = pick('link', 'a[href]', buttonName, a.name);
        if (!p.hit) return p.miss;
        if (!loaded()) return wait('the page is still loading');
        act('following "' + a.name + '"', () => p.hit.click());
        return ok();
      }
      case 'fill': {
        const p = labelled();
        if (!p.hit) return p.miss;
        const f = p.hit;
        const proto = f instanceof HTMLTextAreaElement ? HTMLTextAreaElement
          : f instanceof HTMLSelectElement ? HTMLSelectElement : HTMLInputElement;
        f.focus();
        Object.getOwnPropertyDescriptor(proto.prototype, 'value').set.call(f, a.value);
        f.dispatchEvent(new Event('input', { bubbles: true }));
        f.dispatchEvent(new Event('change', { bubbles: true }));
        if (f.value !== a.value) return no('the field did not take the value');
        return ok();
      }
      case 'check': {
        const p = labelled();
        if (!p.hit) return p.miss;
        if (p.hit.type !== 'checkbox' && p.hit.type !== 'radio') return no('the field is no check box');
        if (p.hit.checked !== a.on) act('ticking "' + a.name + '"', () => p.hit.click());
        if (p.hit.checked !== a.on) return no('the box did not change');
        return ok();
      }
      case 'wait':
        return document.querySelector(a.css) ? ok() : wait('nothing matches');
      case 'text': {
        const e = document.querySelector(a.css);
        return e ? ok(text(e)) : wait('nothing matches');
      }
      case 'contains': {
        const found = all(a.css).map(text);
        if (found.some((t) => t.includes(squash(a.text)))) return ok();
        return wait(found.length ? 'it says: ' + found.slice(0, 3).join(' | ').slice(0, 300) : 'nothing matches');
      }
      case 'attr': {
        const e = document.querySelector(a.css);
        return e ? ok(e.getAttribute(a.name)) : wait('nothing matches');
      }
      case 'texts': return ok(all(a.css).map(text));
      case 'exists': return ok(all(a.css).length > 0);
      case 'at': return location.href.startsWith(a.url) ? ok() : wait('the address is another one');
      case 'url': return ok(location.href);
      case 'loaded': return loaded() ? ok() : wait('the page is still loading');
      case 'drawn': // a frame was drawn since; only then has autofocus happened, for one
        if (!loaded()) return wait('the page is still loading');
        return new Promise((done) => { requestAnimationFrame(() => setTimeout(() => done(ok()))); });
      case 'html': return ok('<!doctype html>\n' + document.documentElement.outerHTML);
      case 'back': leave('going back'); history.back(); return ok();
      case 'reload': leave('reloading'); location.reload(); return ok();
    }
    return no('page.js does not know "' + ask + '"');
  };

  const first = answer();
  if (first.state !== 'wait') return first;
  return new Promise((done) => {
    let over = false, watch = null, sometimes = 0, end = 0;
    const moments = [[document, 'readystatechange'], [window, 'load'], [window, 'pageshow'], [window, 'hashchange'], [window, 'popstate']];
    const finish = (last) => {
      over = true;
      watch.disconnect();
      clearInterval(sometimes);
      clearTimeout(end);
      moments.forEach(([on, name]) => on.removeEventListener(name, soon));
      done(last);
    };
    const retry = () => {
      if (over) return;
      const now = answer();
      if (now.state !== 'wait') finish(now);
    };
    const soon = () => setTimeout(retry); // after the event's own handlers
    watch = new MutationObserver(retry);
    watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    moments.forEach(([on, name]) => on.addEventListener(name, soon));
    sometimes = setInterval(retry, 50); // what no event tells: a style that changed, an address without a page
    end = setTimeout(() => finish(answer()), patience);
  });
}
