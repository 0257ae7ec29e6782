// Text that came with a connector. Markdown only: HTML in it stays text, addresses are http(s) or nothing, and pictures are
// left out, because they would be fetched from foreign hosts.
import { Anchor, Title, Typography } from '@mantine/core';
import Markdown, { type Components } from 'react-markdown';

const COMPONENTS: Components = {
  // An address that is not safe comes as an empty one.
  a: ({ href, children }) =>
    href ? (
      <Anchor href={href} target="_blank" rel="noopener noreferrer" style={{ textDecoration: 'underline' }}>
        {children}
      </Anchor>
    ) : (
      <>{children}</>
    ),
  // The page has one h1, and the section an h2.
  h1: ({ children }) => (
    <Title order={3} size="h5">
      {children}
    </Title>
  ),
  h2: ({ children }) => (
    <Title order={4} size="h6">
      {children}
    </Title>
  ),
  h3: ({ children }) => (
    <Title order={5} size="h6">
      {children}
    </Title>
  ),
};

export default function MarkdownText({ text }: { text: string }) {
  return (
    <Typography maw="48rem" style={{ overflowWrap: 'anywhere' }}>
      <Markdown components={COMPONENTS} disallowedElements={['img']}>
        {text}
      </Markdown>
    </Typography>
  );
}
