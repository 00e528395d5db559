import { Component, type ComponentChildren, type FunctionComponent, h } from 'preact';

/** A component that is only drawn again when its properties differ, by default in identity. */
export function memo<P extends object>(
  render: (props: P) => ComponentChildren,
  same: (a: P, b: P) => boolean = shallowEqual,
): FunctionComponent<P> {
  class Memo extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      return !same(this.props, next);
    }

    override render(props: P): ComponentChildren {
      return h(render as FunctionComponent<P>, props);
    }
  }
  return Memo as unknown as FunctionComponent<P>;
}

function shallowEqual<P extends object>(a: P, b: P): boolean {
  const [left, right] = [Object.entries(a), b as Record<string, unknown>];
  return left.length === Object.keys(b).length && left.every(([key, value]) => Object.is(value, right[key]));
}
