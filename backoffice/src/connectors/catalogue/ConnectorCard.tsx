// One connector in the catalogue. The whole card is one link (S10); "Installed" stands at its top, and only there (S4).
// Plain elements with classes of their own: every key that is typed into the search draws a screen of them.
import { memo } from 'react';
import { Link } from 'react-router';
import type { ConnectorRow } from '../api';
import { ConnectorBadges, InstalledBadge } from '../ConnectorBadges';
import { LazyConnectorIcon } from '../ConnectorIcon';
import classes from './catalogue.module.css';

/** Remembered: while someone types, cards that stay are not drawn again. */
export const ConnectorCard = memo(function ConnectorCard({ connector, flows }: { connector: ConnectorRow; flows: number | undefined }) {
  const { name, label, description, installed, installedVersion, availableVersion } = connector;
  return (
    <Link to={`/connectors/${name}`} className={classes.card}>
      <span className={classes.top}>
        <LazyConnectorIcon connector={connector} />
        {installed && <InstalledBadge />}
      </span>
      <span className={classes.label} title={label}>
        {label}
      </span>
      <span className={classes.name} title={name}>
        {name} · <bdi dir="ltr">{installedVersion ?? availableVersion}</bdi>
      </span>
      <span className={classes.description}>{description}</span>
      <span className={classes.badges}>
        <ConnectorBadges connector={connector} />
        {flows !== undefined && flows > 0 && (
          <span className={classes.flows}>
            Used in {flows} {flows === 1 ? 'flow' : 'flows'}
          </span>
        )}
      </span>
    </Link>
  );
});
