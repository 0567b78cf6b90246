package dev.glissade.tribuo;

import org.tribuo.math.optimisers.ParameterAveraging;

/** What calls an optimiser, which Tribuo does not tell. */
enum TribuoCaller {
  /** A trainer whose gradients for one example are a product of two vectors. */
  FEED_FORWARD_TRAINER,

  /** Another trainer. */
  OTHER_TRAINER,

  /** Tribuo's average around an optimiser. */
  AVERAGING,

  /** A training loop of the user's. */
  OTHER;

  // By name, so that users of one trainer need none of the others' modules.
  private static final String FEED_FORWARD = "org.tribuo.common.sgd.AbstractSGDTrainer";
  private static final String SEQUENCES = "org.tribuo.classification.sgd.crf.CRFTrainer";

  /** Returns what called the method that calls this. */
  static TribuoCaller find() {
    return StackWalker.getInstance()
        .walk(frames -> frames.skip(2).findFirst())
        .map(frame -> of(frame.getClassName()))
        .orElse(OTHER);
  }

  private static TribuoCaller of(String name) {
    return switch (name) {
      case FEED_FORWARD -> FEED_FORWARD_TRAINER;
      case SEQUENCES -> OTHER_TRAINER;
      default -> name.equals(ParameterAveraging.class.getName()) ? AVERAGING : OTHER;
    };
  }
}
