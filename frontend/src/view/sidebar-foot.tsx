import { useState } from 'preact/hooks';
import { t } from '../strings.ts';
import { Dialog } from './dialog.tsx';
import { Icon } from './icon.tsx';
import { Menu } from './menu.tsx';
import { applyTheme, storedTheme, themes } from './theme.ts';

const icons = { system: 'device', light: 'sun', dark: 'moon' } as const;

/** Appearance and keyboard shortcuts. */
export function SidebarFoot() {
  const [theme, setTheme] = useState(storedTheme);
  const [help, setHelp] = useState(false);
  return (
    <div class="sidebar-foot">
      <Menu
        up
        label={t.theme}
        text={t.theme}
        icon={icons[theme]}
        entries={themes.map((name) => ({
          label: t.themes[name],
          icon: icons[name],
          checked: name === theme,
          run: () => {
            applyTheme(name);
            setTheme(name);
          },
        }))}
      />
      <button
        type="button"
        class="icon-button"
        aria-label={t.shortcuts}
        title={t.shortcuts}
        onClick={() => setHelp(true)}
      >
        <Icon name="keyboard" />
      </button>
      {help && (
        <Dialog title={t.shortcuts} close={() => setHelp(false)}>
          <dl class="shortcuts">
            {t.shortcutList.map(([keys, what]) => (
              <div key={keys}>
                <dt>
                  <kbd>{keys}</kbd>
                </dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
        </Dialog>
      )}
    </div>
  );
}
