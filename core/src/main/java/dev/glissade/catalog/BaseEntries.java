package dev.glissade.catalog;

import dev.glissade.Schedule;
import dev.glissade.combine.ApplyIfFinite;
import dev.glissade.combine.Chain;
import dev.glissade.combine.ConditionallyMask;
import dev.glissade.combine.ConditionallyTransform;
import dev.glissade.combine.Flatten;
import dev.glissade.combine.Freeze;
import dev.glissade.combine.Identity;
import dev.glissade.combine.InjectHyperparams;
import dev.glissade.combine.Lawa;
import dev.glissade.combine.Lookahead;
import dev.glissade.combine.Masked;
import dev.glissade.combine.MasterWeights;
import dev.glissade.combine.MeasureWithEma;
import dev.glissade.combine.Measures;
import dev.glissade.combine.Monitor;
import dev.glissade.combine.MultiSteps;
import dev.glissade.combine.NamedChain;
import dev.glissade.combine.ParamsEma;
import dev.glissade.combine.Partition;
import dev.glissade.combine.PathLabels;
import dev.glissade.combine.PathMask;
import dev.glissade.combine.SelectiveTransform;
import dev.glissade.combine.SetToZero;
import dev.glissade.combine.SkipLargeUpdates;
import dev.glissade.combine.SkipNotFinite;
import dev.glissade.combine.Snapshot;
import dev.glissade.combine.StepBelow;
import dev.glissade.combine.StepCondition;
import dev.glissade.combine.StepMultiple;
import dev.glissade.combine.Swa;
import dev.glissade.optimizer.AdaBelief;
import dev.glissade.optimizer.Adadelta;
import dev.glissade.optimizer.Adagrad;
import dev.glissade.optimizer.Adam;
import dev.glissade.optimizer.AdamW;
import dev.glissade.optimizer.Adamax;
import dev.glissade.optimizer.AdamaxW;
import dev.glissade.optimizer.Adan;
import dev.glissade.optimizer.Amsgrad;
import dev.glissade.optimizer.Lbfgs;
import dev.glissade.optimizer.Lbfgsb;
import dev.glissade.optimizer.Lion;
import dev.glissade.optimizer.NoisySgd;
import dev.glissade.optimizer.OptimisticAdam;
import dev.glissade.optimizer.OptimisticAdamV2;
import dev.glissade.optimizer.OptimisticGradientDescent;
import dev.glissade.optimizer.PolyakSgd;
import dev.glissade.optimizer.RAdam;
import dev.glissade.optimizer.RmsProp;
import dev.glissade.optimizer.Rprop;
import dev.glissade.optimizer.Sgd;
import dev.glissade.optimizer.SignSgd;
import dev.glissade.optimizer.Signum;
import dev.glissade.optimizer.Yogi;
import dev.glissade.projection.Box;
import dev.glissade.projection.Hypercube;
import dev.glissade.projection.L1Ball;
import dev.glissade.projection.L1Sphere;
import dev.glissade.projection.L2Ball;
import dev.glissade.projection.L2Sphere;
import dev.glissade.projection.LinfBall;
import dev.glissade.projection.NonNegative;
import dev.glissade.projection.Simplex;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.schedule.JoinSchedules;
import dev.glissade.schedule.PiecewiseConstantSchedule;
import dev.glissade.schedule.PiecewiseInterpolateSchedule;
import dev.glissade.schedule.PiecewiseInterpolateSchedule.InterpolateType;
import dev.glissade.schedule.Schedules;
import dev.glissade.schedule.SgdrSchedule;
import dev.glissade.schedule.WarmupCosineDecaySchedule;
import dev.glissade.schedule.WrappedSchedule;
import dev.glissade.transform.AddDecayedWeights;
import dev.glissade.transform.AddNoise;
import dev.glissade.transform.ApplyEvery;
import dev.glissade.transform.Clip;
import dev.glissade.transform.ClipByGlobalNorm;
import dev.glissade.transform.Ema;
import dev.glissade.transform.KeepParamsIn;
import dev.glissade.transform.KeepParamsNonnegative;
import dev.glissade.transform.NormalizeByUpdateNorm;
import dev.glissade.transform.Scale;
import dev.glissade.transform.ScaleByAdadelta;
import dev.glissade.transform.ScaleByAdam;
import dev.glissade.transform.ScaleByAdamax;
import dev.glissade.transform.ScaleByAdan;
import dev.glissade.transform.ScaleByAmsgrad;
import dev.glissade.transform.ScaleByBacktrackingLinesearch;
import dev.glissade.transform.ScaleByBelief;
import dev.glissade.transform.ScaleByLbfgs;
import dev.glissade.transform.ScaleByLbfgsb;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.transform.ScaleByLion;
import dev.glissade.transform.ScaleByOptimisticGradient;
import dev.glissade.transform.ScaleByPolyak;
import dev.glissade.transform.ScaleByRadam;
import dev.glissade.transform.ScaleByRms;
import dev.glissade.transform.ScaleByRprop;
import dev.glissade.transform.ScaleByRss;
import dev.glissade.transform.ScaleBySchedule;
import dev.glissade.transform.ScaleBySign;
import dev.glissade.transform.ScaleByStddev;
import dev.glissade.transform.ScaleByYogi;
import dev.glissade.transform.ScaleByZoomLinesearch;
import dev.glissade.transform.Trace;
import dev.glissade.transform.ZeroNans;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The catalog entries of this module. The values that prototypes have for required arguments are
 * placeholders.
 */
final class BaseEntries {
  private static final Schedule ANY = new ConstantSchedule(1);
  private static final Identity INNER = new Identity();
  private static final String LEARNING_RATE = "learning_rate";

  private BaseEntries() {}

  static List<Entry> all() {
    return Stream.of(
            optimizers(),
            LayerwiseEntries.all(),
            combinators(),
            conditionals(),
            averages(),
            transforms(),
            constraints(),
            functions(),
            projections(),
            schedules())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Entry> optimizers() {
    return List.of(
        Entry.of("sgd", Sgd.of(ANY), LEARNING_RATE),
        Entry.of("adam", Adam.of(ANY), LEARNING_RATE),
        Entry.of("adamw", AdamW.of(ANY), LEARNING_RATE),
        Entry.of("nadam", Adam.of(ANY).nesterov(true), LEARNING_RATE),
        Entry.of("nadamw", AdamW.of(ANY).nesterov(true), LEARNING_RATE),
        Entry.of("adamax", Adamax.of(ANY), LEARNING_RATE),
        Entry.of("adamaxw", AdamaxW.of(ANY), LEARNING_RATE),
        Entry.of("amsgrad", Amsgrad.of(ANY), LEARNING_RATE),
        Entry.of("adabelief", AdaBelief.of(ANY), LEARNING_RATE),
        Entry.of("yogi", Yogi.of(ANY), LEARNING_RATE),
        Entry.of("radam", RAdam.of(ANY), LEARNING_RATE),
        Entry.of("adan", Adan.of(ANY), LEARNING_RATE),
        Entry.of("lion", Lion.of(ANY), LEARNING_RATE),
        Entry.of("sign_sgd", SignSgd.of(ANY), LEARNING_RATE),
        Entry.of("lbfgs", Lbfgs.defaults()),
        Entry.of("lbfgsb", Lbfgsb.of(new NonNegative()), "bounds"),
        Entry.of("signum", Signum.of(ANY), LEARNING_RATE),
        Entry.of("rmsprop", RmsProp.of(ANY), LEARNING_RATE),
        Entry.of("adagrad", Adagrad.of(ANY), LEARNING_RATE),
        Entry.of("polyak_sgd", PolyakSgd.defaults()),
        Entry.of("adadelta", Adadelta.of(ANY), LEARNING_RATE),
        Entry.of("rprop", Rprop.of(1), LEARNING_RATE),
        Entry.of("optimistic_gradient_descent", OptimisticGradientDescent.of(ANY), LEARNING_RATE),
        Entry.of("optimistic_adam", OptimisticAdam.of(ANY), LEARNING_RATE),
        Entry.of("optimistic_adam_v2", OptimisticAdamV2.of(ANY), LEARNING_RATE),
        Entry.of("noisy_sgd", NoisySgd.of(ANY, 0), LEARNING_RATE, "seed").alias("key", "seed"));
  }

  private static List<Entry> combinators() {
    return List.of(
        Entry.of("chain", Chain.of(), "transformations"),
        Entry.of("named_chain", new NamedChain(Map.of()), "transformations"),
        Entry.of("identity", INNER),
        Entry.of("masked", new Masked(INNER, PathMask.of()), "inner", "mask"),
        Entry.of("freeze", new Freeze(PathMask.of()), "mask"),
        Entry.of(
            "selective_transform",
            new SelectiveTransform(INNER, PathMask.of()),
            "optimizer",
            "freeze_mask"),
        Entry.of(
            "partition",
            new Partition(Map.of(), new PathLabels(Map.of())),
            "transforms",
            "param_labels"),
        Entry.of("master_weights", new MasterWeights(INNER), "inner"),
        Entry.of("apply_if_finite", new ApplyIfFinite(INNER, 0), "inner", "max_consecutive_errors"),
        Entry.of("multi_steps", MultiSteps.of(INNER, ANY), "opt", "every_k_schedule"),
        Entry.of("inject_hyperparams", new InjectHyperparams(Sgd.of(ANY)), "inner"));
  }

  private static List<Entry> conditionals() {
    StepCondition always = StepCondition.notZero(ANY);
    return List.of(
        Entry.of(
            "conditionally_transform",
            new ConditionallyTransform(INNER, always),
            "inner",
            "should_transform_fn"),
        Entry.of(
            "conditionally_mask",
            new ConditionallyMask(INNER, always),
            "inner",
            "should_transform_fn"),
        Entry.of("apply_every", new ApplyEvery(1)),
        Entry.of("snapshot", new Snapshot("measure", Measures.norm()), "measure_name", "measure"),
        Entry.of("monitor", new Monitor(Map.of()), "measures"),
        Entry.of("flatten", new Flatten(INNER), "inner"));
  }

  private static List<Entry> averages() {
    return List.of(
        Entry.of(
            "lookahead",
            Lookahead.of(INNER, 1, 1),
            "fast_optimizer",
            "sync_period",
            "slow_step_size"),
        Entry.of("params_ema", ParamsEma.of(INNER, 0), "inner", "decay"),
        Entry.of("swa", new Swa(INNER, 0, 1), "inner", "start", "period"),
        Entry.of("lawa", new Lawa(INNER, 1, 1), "inner", "k", "period"));
  }

  private static List<Entry> constraints() {
    return List.of(
        Entry.of("normalize_by_update_norm", NormalizeByUpdateNorm.defaults()),
        Entry.of("keep_params_nonnegative", new KeepParamsNonnegative()),
        Entry.of("keep_params_in", new KeepParamsIn(new NonNegative()), "projection"));
  }

  private static List<Entry> functions() {
    return List.of(
        Entry.of("step_below", new StepBelow(1), "limit"),
        Entry.of("step_multiple", new StepMultiple(1), "period"),
        Entry.of("norm", Measures.norm()),
        Entry.of("norm1", Measures.norm1()),
        Entry.of("max_abs", Measures.maxAbs()),
        Entry.of("rms", Measures.rms()),
        Entry.of("non_finite", Measures.nonFinite()),
        Entry.of("measure_with_ema", MeasureWithEma.of(Measures.norm(), 0), "measure", "decay"),
        Entry.of("skip_not_finite", new SkipNotFinite()),
        Entry.of("skip_large_updates", new SkipLargeUpdates(1), "max_squared_norm"),
        Entry.of("wrapped_schedule", new WrappedSchedule(ANY), "schedule"));
  }

  private static List<Entry> projections() {
    return List.of(
        Entry.of("projection_box", new Box(0, 1), "lower", "upper"),
        Entry.of("projection_hypercube", new Hypercube(1)),
        Entry.of("projection_l1_ball", new L1Ball(1)),
        Entry.of("projection_l1_sphere", new L1Sphere(1)),
        Entry.of("projection_l2_ball", new L2Ball(1)),
        Entry.of("projection_l2_sphere", new L2Sphere(1)),
        Entry.of("projection_linf_ball", new LinfBall(1)),
        Entry.of("projection_non_negative", new NonNegative()),
        Entry.of("projection_simplex", new Simplex(1)));
  }

  private static List<Entry> transforms() {
    return List.of(
        Entry.of("add_decayed_weights", AddDecayedWeights.of(new ConstantSchedule(0))),
        Entry.of("add_noise", new AddNoise(0, 0, 0), "eta", "gamma", "seed").alias("key", "seed"),
        Entry.of("clip", new Clip(1), "max_delta"),
        Entry.of("clip_by_global_norm", new ClipByGlobalNorm(1), "max_norm"),
        Entry.of("ema", Ema.of(0), "decay"),
        Entry.of("scale", new Scale(1), "step_size"),
        Entry.of("scale_by_adam", ScaleByAdam.defaults()),
        Entry.of("scale_by_adamax", ScaleByAdamax.defaults()),
        Entry.of("scale_by_amsgrad", ScaleByAmsgrad.defaults()),
        Entry.of("scale_by_belief", ScaleByBelief.defaults()),
        Entry.of("scale_by_yogi", ScaleByYogi.defaults()),
        Entry.of("scale_by_radam", ScaleByRadam.defaults()),
        Entry.of("scale_by_adan", ScaleByAdan.defaults()),
        Entry.of("scale_by_adadelta", ScaleByAdadelta.defaults()),
        Entry.of("scale_by_rprop", ScaleByRprop.of(1), LEARNING_RATE),
        Entry.of("scale_by_sign", new ScaleBySign()),
        Entry.of("scale_by_optimistic_gradient", ScaleByOptimisticGradient.defaults()),
        Entry.of("scale_by_learning_rate", ScaleByLearningRate.of(ANY), LEARNING_RATE),
        Entry.of("scale_by_lion", ScaleByLion.defaults()),
        Entry.of("scale_by_lbfgs", ScaleByLbfgs.defaults()),
        Entry.of("scale_by_lbfgsb", ScaleByLbfgsb.of(new NonNegative()), "bounds"),
        Entry.of(
            "scale_by_backtracking_linesearch",
            ScaleByBacktrackingLinesearch.of(1),
            "max_backtracking_steps"),
        Entry.of("scale_by_zoom_linesearch", ScaleByZoomLinesearch.of(1), "max_linesearch_steps"),
        Entry.of("scale_by_polyak", ScaleByPolyak.defaults()),
        Entry.of("scale_by_rms", ScaleByRms.defaults()),
        Entry.of("scale_by_rss", ScaleByRss.defaults()),
        Entry.of("scale_by_schedule", new ScaleBySchedule(ANY), "step_size_fn"),
        Entry.of("scale_by_stddev", ScaleByStddev.defaults()),
        Entry.of("set_to_zero", new SetToZero()),
        Entry.of("trace", Trace.of(0), "decay"),
        Entry.of("zero_nans", new ZeroNans()));
  }

  private static List<Entry> schedules() {
    WarmupCosineDecaySchedule cosine = Schedules.warmupCosineDecaySchedule(0, 1, 1, 2);
    return List.of(
        Entry.of("constant_schedule", new ConstantSchedule(0), "value"),
        Entry.of(
            "linear_schedule",
            Schedules.linearSchedule(0, 1, 1),
            "init_value",
            "end_value",
            "transition_steps"),
        Entry.of(
            "polynomial_schedule",
            Schedules.polynomialSchedule(0, 1, 1, 1),
            "init_value",
            "end_value",
            "power",
            "transition_steps"),
        Entry.of(
            "piecewise_constant_schedule",
            new PiecewiseConstantSchedule(1, Map.of()),
            "init_value"),
        Entry.of(
            "piecewise_interpolate_schedule",
            new PiecewiseInterpolateSchedule(InterpolateType.LINEAR, 1, Map.of()),
            "interpolate_type",
            "init_value"),
        Entry.of(
            "exponential_decay",
            Schedules.exponentialDecay(1, 1, 0.5),
            "init_value",
            "transition_steps",
            "decay_rate"),
        Entry.of(
            "cosine_decay_schedule",
            Schedules.cosineDecaySchedule(1, 1),
            "init_value",
            "decay_steps"),
        Entry.of(
            "warmup_cosine_decay_schedule",
            cosine,
            "init_value",
            "peak_value",
            "warmup_steps",
            "decay_steps"),
        Entry.of(
            "warmup_exponential_decay_schedule",
            Schedules.warmupExponentialDecaySchedule(0, 1, 1, 1, 0.5),
            "init_value",
            "peak_value",
            "warmup_steps",
            "transition_steps",
            "decay_rate"),
        Entry.of(
            "warmup_constant_schedule",
            Schedules.warmupConstantSchedule(0, 1, 1),
            "init_value",
            "peak_value",
            "warmup_steps"),
        Entry.of(
            "linear_onecycle_schedule",
            Schedules.linearOnecycleSchedule(1000, 1),
            "transition_steps",
            "peak_value"),
        Entry.of(
            "cosine_onecycle_schedule",
            Schedules.cosineOnecycleSchedule(1000, 1),
            "transition_steps",
            "peak_value"),
        Entry.of("sgdr_schedule", new SgdrSchedule(List.of(cosine)), "cosine_kwargs"),
        Entry.of(
            "join_schedules",
            new JoinSchedules(List.of(ANY), List.of()),
            "schedules",
            "boundaries"),
        Entry.of(
            "warmup_stable_decay_schedule",
            Schedules.warmupStableDecaySchedule(0, 1, 1, 1, 1),
            "init_value",
            "peak_value",
            "warmup_steps",
            "stable_steps",
            "decay_steps"),
        Entry.of(
            "inverse_sqrt_schedule",
            Schedules.inverseSqrtSchedule(0, 1, 1),
            "init_value",
            "peak_value",
            "warmup_steps"),
        Entry.of(
            "ademamix_alpha_schedule",
            Schedules.ademamixAlphaSchedule(5, 1),
            "alpha",
            "transition_steps"),
        Entry.of(
            "ademamix_b3_schedule",
            Schedules.ademamixB3Schedule(0.9, 0.9999, 1),
            "b1",
            "b3",
            "transition_steps"));
  }
}
