package dev.glissade.arena.train;

import dev.glissade.GradientTransformation;
import dev.glissade.arena.text.Text;
import dev.glissade.catalog.Catalog;
import dev.glissade.contrib.Dpsgd;
import dev.glissade.records.Records;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An optimizer as a user asked for it.
 *
 * @param label what it is called
 * @param plain its name and arguments in the catalog's form, all arguments stated
 */
public record OptimizerSpec(String label, Map<String, Object> plain) {
  private static final Catalog CATALOG = Catalog.standard();

  /** The optimizer with its learning rates on the schedule, for a run of so many steps. */
  GradientTransformation<?> optimizer(RateSchedule schedule, int steps) {
    return CATALOG.optimizer(new LearningRates(schedule, steps).scheduled(plain));
  }

  /** An optimizer as one line of JSON, all arguments stated. */
  static String json(GradientTransformation<?> optimizer) {
    return Text.json(CATALOG.describe(optimizer));
  }

  /**
   * Returns a dpsgd whose noise is secret as one line of JSON, without its seed, from which no
   * number was drawn.
   */
  static String privateJson(Dpsgd dpsgd) {
    Map<String, Object> plain = new LinkedHashMap<>(CATALOG.describe(dpsgd));
    plain.put("args", privateArguments(dpsgd));
    return Text.json(plain);
  }

  /** Returns the arguments of such a dpsgd by name. */
  static Map<String, @Nullable Object> privateArguments(Dpsgd dpsgd) {
    Map<String, @Nullable Object> arguments = Records.children(CATALOG.describe(dpsgd).get("args"));
    arguments.remove("seed");
    return arguments;
  }

  /** What a reader should know. */
  List<String> notes() {
    @Nullable String note = Presets.note(String.valueOf(plain.get("name")));
    return note == null ? List.of() : List.of(note);
  }
}
