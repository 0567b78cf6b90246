package dev.glissade.contrib;

import dev.glissade.Schedule;
import dev.glissade.catalog.CatalogProvider;
import dev.glissade.catalog.Entry;
import dev.glissade.combine.Identity;
import dev.glissade.schedule.ConstantSchedule;
import java.util.List;
import java.util.stream.Stream;

/**
 * The catalog entries of this module. The values that prototypes have for required arguments are
 * placeholders.
 */
public final class ContribEntries implements CatalogProvider {
  private static final Schedule ANY = new ConstantSchedule(1);
  private static final Identity INNER = new Identity();
  private static final String LEARNING_RATE = "learning_rate";

  /** Makes the provider, for {@link java.util.ServiceLoader}. */
  public ContribEntries() {}

  @Override
  public List<Entry> entries() {
    return Stream.of(first(), scaled(), byLoss(), AdditionalEntries.all())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Entry> scaled() {
    return List.of(
        Entry.of("acprop", Acprop.of(ANY), LEARNING_RATE),
        Entry.of("scale_by_acprop", ScaleByAcprop.defaults()),
        Entry.of("ademamix", Ademamix.of(ANY), LEARNING_RATE),
        Entry.of("scale_by_ademamix", ScaleByAdemamix.defaults()),
        Entry.of("simplified_ademamix", SimplifiedAdemamix.of(ANY), LEARNING_RATE),
        Entry.of("scale_by_simplified_ademamix", ScaleBySimplifiedAdemamix.defaults()),
        Entry.of("adopt", Adopt.of(ANY), LEARNING_RATE),
        Entry.of("scale_by_adopt", ScaleByAdopt.defaults()),
        Entry.of("power_of_count", new PowerOfCount(1), "exponent"),
        Entry.of("madgrad", Madgrad.of(ANY), LEARNING_RATE),
        Entry.of("scale_by_madgrad", ScaleByMadgrad.of(ANY), LEARNING_RATE),
        Entry.of("muon", Muon.of(ANY), LEARNING_RATE),
        Entry.of("scale_by_muon", ScaleByMuon.defaults()),
        Entry.of("galore", Galore.of(ANY), LEARNING_RATE),
        Entry.of("scale_by_galore", ScaleByGalore.defaults()),
        Entry.of("dog", Dog.defaults()),
        Entry.of("dowg", Dowg.defaults()));
  }

  private static List<Entry> byLoss() {
    return List.of(
        Entry.of("momo", Momo.defaults()),
        Entry.of("momo_adam", MomoAdam.defaults()),
        Entry.of("reduce_on_plateau", ReduceOnPlateau.defaults()),
        Entry.of("sophia", Sophia.of(ANY), LEARNING_RATE),
        Entry.of("hutchinson_estimator_diag_hessian", new HutchinsonEstimatorDiagHessian(0)),
        Entry.of("asam", Asam.of(INNER), "optimizer"),
        Entry.of("adaptive_normalize", new AdaptiveNormalize(0), "eta"));
  }

  private static List<Entry> first() {
    return List.of(
        Entry.of("cocob", Cocob.defaults()),
        Entry.of("dadapt_adamw", DAdaptAdamW.defaults()),
        Entry.of("prodigy", Prodigy.defaults()),
        Entry.of("mechanize", Mechanic.of(INNER), "base_optimizer"),
        Entry.of("normalize", new Normalize()),
        Entry.of("sam", Sam.of(INNER, INNER), "optimizer", "adv_optimizer"),
        Entry.of(
                "differentially_private_aggregate",
                DifferentiallyPrivateAggregate.of(1, 0, 0),
                "l2_norm_clip",
                "noise_multiplier",
                "seed")
            .alias("key", "seed"),
        Entry.of(
                "dpsgd",
                Dpsgd.of(ANY, 1, 0, 0),
                LEARNING_RATE,
                "l2_norm_clip",
                "noise_multiplier",
                "seed")
            .alias("key", "seed"),
        Entry.of("schedule_free", ScheduleFree.of(INNER, ANY), "base_optimizer", LEARNING_RATE),
        Entry.of("schedule_free_adamw", ScheduleFreeAdamW.defaults()),
        Entry.of("schedule_free_sgd", ScheduleFreeSgd.defaults()),
        Entry.of("split_real_and_imaginary", new SplitRealAndImaginary(INNER), "inner"));
  }
}
