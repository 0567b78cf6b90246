package dev.glissade;

import java.util.LinkedHashMap;
import java.util.Map;

/** A stepper's steps, each form of arguments written down once; those used last are kept. */
final class Traces<S> {
  private static final int MOST = 64;

  private final GradientTransformation<S> transformation;
  private final Tree params;
  private final Map<Trace.Key, Trace<S>> known =
      new LinkedHashMap<>(8, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Trace.Key, Trace<S>> eldest) {
          return size() > MOST;
        }
      };

  Traces(GradientTransformation<S> transformation, Tree params) {
    this.transformation = transformation;
    this.params = params;
  }

  /**
   * The step for arguments of this form.
   *
   * @param zeroing whether it sets the gradients to zero
   */
  Trace<S> get(Tree gradients, S state, Extras extras, boolean zeroing) {
    Trace.Key key = Trace.key(state, gradients, extras, zeroing);
    Trace<S> trace = known.get(key);
    if (trace == null) {
      trace = Trace.of(transformation, key, gradients, state, params, extras);
      known.put(key, trace);
    }
    return trace;
  }
}
