'use strict';
(() => {
  const form = document.querySelector('.filter');
  const find = document.querySelector('#find');
  const shown = document.querySelector('#shown');
  const unfold = document.querySelector('#unfold');
  const chips = [...document.querySelectorAll('.chip')];
  const scenarios = [...document.querySelectorAll('.scenario')];
  const features = [...document.querySelectorAll('.feature')];
  form.hidden = false;

  const apply = () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = chips.filter((c) => c.ariaPressed === 'true').map((c) => c.dataset.status);
    let n = 0;
    for (const s of scenarios) {
      const fits = words.every((w) => s.dataset.find.includes(w)) && (!wanted.length || wanted.includes(s.dataset.status));
      s.hidden = !fits;
      if (fits) n++;
    }
    for (const f of features) f.hidden = !f.querySelector('.scenario:not([hidden])');
    shown.value = n === scenarios.length ? '' : n + ' of ' + scenarios.length + ' shown';
  };
  const toggle = (button) => { button.ariaPressed = button.ariaPressed === 'true' ? 'false' : 'true'; };
  for (const c of chips) c.addEventListener('click', () => { toggle(c); apply(); });
  find.addEventListener('input', apply);
  form.addEventListener('submit', (e) => e.preventDefault());
  unfold.addEventListener('click', () => {
    toggle(unfold);
    const open = unfold.ariaPressed === 'true';
    unfold.textContent = open ? 'Close all' : 'Open all';
    for (const s of scenarios) s.open = open;
  });
  // On paper nothing can be unfolded: what lies inside an open scenario, and
  // what belongs to none, is printed whole.
  let folded = [];
  addEventListener('beforeprint', () => {
    folded = [...document.querySelectorAll('details:not([open])')].filter((d) => !d.closest('.scenario') || d.closest('.scenario[open] .body'));
    for (const d of folded) d.open = true;
  });
  addEventListener('afterprint', () => {
    for (const d of folded) d.open = false;
    folded = [];
  });
  const arrive = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (target && target.matches('details')) { target.hidden = false; target.open = true; }
  };
  addEventListener('hashchange', arrive);
  arrive();
})();
