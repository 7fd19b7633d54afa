// learn tells of what a person types and clicks, with the page as live.js reads
// it, in which nothing typed is left. What scripts do is none of hers.
(live) => {
  const tell = (kind, element, value) => {
    const page = live('read', null);
    for (const form of page.Forms) for (const field of form.Fields) if (field.Type !== 'hidden') field.Value = '';
    const ref = globalThis.__kept.list.indexOf(element);
    conformanceTell(JSON.stringify({ kind, ref: String(ref), value, top: window === top, what: element.tagName.toLowerCase() + (element.id ? '#' + element.id : ''), page }));
  };
  const typed = (e) => {
    const f = e.composedPath()[0];
    if (!e.isTrusted || !['INPUT', 'SELECT', 'TEXTAREA'].includes(f.tagName)) return;
    if (['checkbox', 'radio', 'submit', 'button', 'image', 'reset', 'file', 'hidden'].includes(f.type)) return;
    tell('fill', f, f.value);
  };
  addEventListener('input', typed, true);
  addEventListener('change', typed, true);
  addEventListener('click', (e) => {
    if (!e.isTrusted) return;
    const path = e.composedPath().filter((n) => n instanceof Element);
    if (path.some((n) => ['SELECT', 'TEXTAREA', 'LABEL', 'OPTION'].includes(n.tagName) || n.tagName === 'INPUT' && !['submit', 'image', 'button'].includes(n.type))) return;
    const button = path.find((n) => n.tagName === 'BUTTON' || n.tagName === 'A' && n.href || n.tagName === 'INPUT' || n.getAttribute('role') === 'button');
    if (button) tell('click', button, '');
    else if (path.some((n) => n.onclick || n.tabIndex >= 0 || getComputedStyle(n).cursor === 'pointer')) tell('odd', path[0], '');
  }, true);
}
