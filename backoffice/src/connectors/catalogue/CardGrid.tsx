// Cards in as many columns as fit, of which only the rows near the screen exist: thousands of connectors cost as little as
// one screen. The padding above and below stands for the rows that do not exist; the grid itself makes the cards of one row
// equally tall, so that its first card tells the row's height. A place keeps its elements: while someone types, the cards on
// the screen get other words rather than going for others, which is less work for the browser.
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, useState } from 'react';
import type { ConnectorRow } from '../api';
import classes from './catalogue.module.css';
import { ConnectorCard } from './ConnectorCard';
import type { FlowCounts } from './filters';

const GAP = 12;
const CARD_WIDTH = 250;
const ROW_HEIGHT = 180;
const ROWS_BEYOND = 1;

export function CardGrid({ connectors, counts }: { connectors: ConnectorRow[]; counts: FlowCounts }) {
  const { ref: sized, width } = useElementSize<HTMLUListElement>();
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => setTop(list.current!.getBoundingClientRect().top + window.scrollY), [width, connectors.length]);
  const columns = Math.max(1, Math.floor(((width || window.innerWidth) + GAP) / (CARD_WIDTH + GAP)));
  const virtualizer = useWindowVirtualizer({
    count: Math.ceil(connectors.length / columns),
    estimateSize: () => ROW_HEIGHT,
    overscan: ROWS_BEYOND,
    gap: GAP,
    scrollMargin: top,
  });
  const rows = virtualizer.getVirtualItems();
  const above = rows.length === 0 ? 0 : rows[0]!.start - top;
  const below = rows.length === 0 ? 0 : virtualizer.getTotalSize() - (rows.at(-1)!.end - top);
  const shown = rows.length === 0 ? [] : connectors.slice(rows[0]!.index * columns, (rows.at(-1)!.index + 1) * columns);
  return (
    <ul
      ref={useMergedRef(sized, list)}
      className={classes.grid}
      aria-label="Connectors"
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`, paddingTop: above, paddingBottom: Math.max(0, below) }}
    >
      {shown.map((connector, at) => {
        const position = rows[0]!.index * columns + at;
        const first = position % columns === 0;
        return (
          <li
            key={position}
            aria-setsize={connectors.length}
            aria-posinset={position + 1}
            data-index={first ? position / columns : undefined}
            ref={first ? virtualizer.measureElement : undefined}
          >
            <ConnectorCard connector={connector} flows={counts?.get(connector.name)} />
          </li>
        );
      })}
    </ul>
  );
}
