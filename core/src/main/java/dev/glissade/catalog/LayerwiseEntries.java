package dev.glissade.catalog;

import dev.glissade.Schedule;
import dev.glissade.optimizer.Adafactor;
import dev.glissade.optimizer.Fromage;
import dev.glissade.optimizer.Lamb;
import dev.glissade.optimizer.Lars;
import dev.glissade.optimizer.Novograd;
import dev.glissade.optimizer.Sm3;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.transform.AdaptiveGradClip;
import dev.glissade.transform.Centralize;
import dev.glissade.transform.ClipByBlockRms;
import dev.glissade.transform.ScaleByDistanceOverGradients;
import dev.glissade.transform.ScaleByFactoredRms;
import dev.glissade.transform.ScaleByNovograd;
import dev.glissade.transform.ScaleByParamBlockNorm;
import dev.glissade.transform.ScaleByParamBlockRms;
import dev.glissade.transform.ScaleBySm3;
import dev.glissade.transform.ScaleByTrustRatio;
import java.util.List;

/** The catalog entries of what has numbers for each leaf, or for each row and column. */
final class LayerwiseEntries {
  private static final Schedule ANY = new ConstantSchedule(1);
  private static final String LEARNING_RATE = "learning_rate";

  private LayerwiseEntries() {}

  static List<Entry> all() {
    return List.of(
        Entry.of("adafactor", Adafactor.defaults()),
        Entry.of("fromage", Fromage.of(ANY), LEARNING_RATE),
        Entry.of("lamb", Lamb.of(ANY), LEARNING_RATE),
        Entry.of("lars", Lars.of(ANY), LEARNING_RATE),
        Entry.of("novograd", Novograd.of(ANY), LEARNING_RATE),
        Entry.of("sm3", Sm3.of(ANY), LEARNING_RATE),
        Entry.of("adaptive_grad_clip", AdaptiveGradClip.of(1), "clipping"),
        Entry.of("centralize", Centralize.defaults()),
        Entry.of("clip_by_block_rms", new ClipByBlockRms(1), "threshold"),
        Entry.of("scale_by_distance_over_gradients", ScaleByDistanceOverGradients.defaults()),
        Entry.of("scale_by_factored_rms", ScaleByFactoredRms.defaults()),
        Entry.of("scale_by_novograd", ScaleByNovograd.defaults()),
        Entry.of("scale_by_param_block_norm", ScaleByParamBlockNorm.defaults()),
        Entry.of("scale_by_param_block_rms", ScaleByParamBlockRms.defaults()),
        Entry.of("scale_by_sm3", ScaleBySm3.defaults()),
        Entry.of("scale_by_trust_ratio", ScaleByTrustRatio.defaults()));
  }
}
