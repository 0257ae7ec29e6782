// A connector's picture, which says nothing that its name does not: no alternative text. It is shown as an image only, so
// that nothing in an SVG is ever executed. The first letter stands for a picture that is missing or not here yet.
import { useState } from 'react';
import type { ConnectorRow } from './api';
import classes from './ConnectorIcon.module.css';
import { useLazyIcon } from './lazy_icons';

export function ConnectorIcon({ src, label, size = 40 }: { src: string | null | undefined; label: string; size?: number }) {
  const [broken, setBroken] = useState<string>();
  const letter = src == null || src === broken;
  return (
    <span aria-hidden className={letter ? `${classes.icon} ${classes.letter}` : classes.icon} style={{ width: size, height: size }}>
      {letter ? label.charAt(0).toUpperCase() : <img src={src} alt="" onError={() => setBroken(src)} />}
    </span>
  );
}

export function LazyConnectorIcon({ connector: { name, label, installedVersion, availableVersion } }: { connector: ConnectorRow }) {
  return <ConnectorIcon src={useLazyIcon(name, installedVersion ?? availableVersion)} label={label} />;
}
