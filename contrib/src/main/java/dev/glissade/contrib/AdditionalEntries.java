package dev.glissade.contrib;

import dev.glissade.Schedule;
import dev.glissade.catalog.Entry;
import dev.glissade.combine.Identity;
import dev.glissade.schedule.ConstantSchedule;
import java.util.List;

/** The catalog entries of algorithms that Optax does not have. */
final class AdditionalEntries {
  private static final Schedule ANY = new ConstantSchedule(1);
  private static final String LEARNING_RATE = "learning_rate";

  private AdditionalEntries() {}

  static List<Entry> all() {
    return List.of(
        Entry.of("stable_adamw", StableAdamW.of(ANY), LEARNING_RATE),
        Entry.of("adam_mini", AdamMini.of(ANY), LEARNING_RATE),
        Entry.of("soap", Soap.of(ANY), LEARNING_RATE),
        Entry.of("scale_by_soap", ScaleBySoap.defaults()),
        Entry.of("laprop", LaProp.of(ANY), LEARNING_RATE),
        Entry.of("scale_by_laprop", ScaleByLaprop.defaults()),
        Entry.of("mars", Mars.of(ANY), LEARNING_RATE),
        Entry.of("mars_gradient", MarsGradient.defaults()),
        Entry.of("grokfast_ema", GrokfastEma.defaults()),
        Entry.of("ftrl", Ftrl.of(1), LEARNING_RATE),
        Entry.of("cautious", Cautious.of(new Identity()), "base_optimizer"),
        Entry.of("add_cautious_weight_decay", AddCautiousWeightDecay.of(new ConstantSchedule(0))));
  }
}
