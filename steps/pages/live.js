// live reads one document for pages.Page, or acts on what it read last. What
// it found is kept beside the document, where its own scripts do not see it.
(ask, a) => {
  const squash = (s) => (s || '').replace(/\s+/g, ' ').trim();
  const shown = (e) => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== 'hidden';
  const text = (e) => squash(e.innerText === undefined ? e.textContent : e.innerText);
  const kept = globalThis.__kept || (globalThis.__kept = { list: [], id: String(Math.random()) });

  if (ask === 'fill') {
    const f = kept.list[a.ref];
    if (!f || !f.isConnected) return false;
    const proto = f instanceof HTMLTextAreaElement ? HTMLTextAreaElement : f instanceof HTMLSelectElement ? HTMLSelectElement : HTMLInputElement;
    f.focus();
    Object.getOwnPropertyDescriptor(proto.prototype, 'value').set.call(f, a.value);
    for (const name of ['keydown', 'keyup']) f.dispatchEvent(new KeyboardEvent(name, { bubbles: true, composed: true }));
    for (const name of ['input', 'change']) f.dispatchEvent(new Event(name, { bubbles: true, composed: true }));
    return true;
  }
  if (ask === 'press' || ask === 'toggle') {
    const e = kept.list[a.ref];
    if (!e || !e.isConnected) return false;
    e.scrollIntoView({ block: 'center' });
    for (const name of ['pointerdown', 'mousedown', 'pointerup', 'mouseup']) {
      const made = name.startsWith('p') ? new PointerEvent(name, { bubbles: true, composed: true }) : new MouseEvent(name, { bubbles: true, composed: true });
      e.dispatchEvent(made);
    }
    e.click();
    return true;
  }
  if (ask === 'enter') {
    const f = kept.list[a.ref];
    if (!f || !f.isConnected) return false;
    const went = f.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', code: 'Enter', bubbles: true, composed: true, cancelable: true }));
    if (went && f.form) f.form.requestSubmit();
    return true;
  }

  // reading
  const list = [], forms = [], alerts = [], frames = [], byElement = new Map();
  const note = (e) => String(list.push(e) - 1);
  const group = (e) => {
    const form = e.form || e.closest('form');
    const around = form || e.closest('dialog, [role=dialog], [role=alertdialog], [id*=cookie i]:not(html):not(body), [class*=cookie i]:not(html):not(body)');
    const key = around || document;
    if (!byElement.has(key)) {
      const body = document.body;
      byElement.set(key, {
        Action: form ? form.action : '', Method: form ? (form.method === 'post' ? 'POST' : 'GET') : '', Loose: !form,
        Text: around ? text(around) : body ? text(body) : '', Fields: [], Buttons: [],
      });
      forms.push(byElement.get(key));
    }
    return byElement.get(key);
  };
  const label = (e) => {
    const by = (e.getAttribute('aria-labelledby') || '').split(/\s+/).map((id) => id && document.getElementById(id)).filter(Boolean).map(text).join(' ');
    const own = e.labels && e.labels.length ? [...e.labels].map(text).join(' ') : '';
    return squash(own || by || e.getAttribute('aria-label') || e.placeholder || e.title);
  };
  const take = (e) => {
    const tag = e.tagName;
    if (tag === 'IFRAME' || tag === 'FRAME') {
      if (shown(e) && e.src) frames.push(e.src);
    } else if (tag === 'A' && e.getAttribute('role') !== 'button') {
      if (shown(e) && e.href) group(e).Buttons.push({ ID: e.id || '', Text: text(e) || squash(e.getAttribute('aria-label')), Href: e.href, Script: true, Ref: note(e) });
    } else if (tag === 'BUTTON' || e.getAttribute('role') === 'button' || tag === 'INPUT' && ['submit', 'image', 'button'].includes(e.type)) {
      const said = text(e) || squash(e.value) || squash(e.getAttribute('aria-label')) || squash(e.alt);
      if (shown(e) && said) {
        group(e).Buttons.push({
          ID: e.id || '', Name: e.name || '', Value: typeof e.value === 'string' ? e.value : '', Text: said, Ref: note(e),
          Script: !(e.form && ['submit', 'image'].includes(e.type)), Disabled: !!e.disabled || e.getAttribute('aria-disabled') === 'true',
        });
      }
    } else if (['INPUT', 'SELECT', 'TEXTAREA'].includes(tag)) {
      const box = e.type === 'checkbox' || e.type === 'radio';
      group(e).Fields.push({
        Name: e.name || '', ID: e.id || '', Type: tag === 'INPUT' ? e.type : tag === 'SELECT' ? 'select' : 'text', Value: e.value || '', Label: label(e),
        Autocomplete: (e.getAttribute('autocomplete') || '').toLowerCase(), Checked: !!e.checked, Required: !!e.required,
        Disabled: !!e.disabled, Fixed: !!e.readOnly, Unseen: e.type === 'hidden' || !box && !shown(e), Ref: note(e),
      });
    }
    if (e.matches('[role=alert], [aria-live=assertive]') && shown(e) && text(e)) alerts.push(text(e));
  };
  const walk = (root) => {
    for (const e of root.querySelectorAll('*')) {
      take(e);
      if (e.shadowRoot) walk(e.shadowRoot);
    }
  };
  walk(document);
  kept.list = list;
  return {
    ID: kept.id, Loading: document.readyState === 'loading', URL: location.href, Title: document.title,
    Text: document.body ? text(document.body) : '', Alerts: alerts, Frames: frames, Forms: forms,
  };
}
