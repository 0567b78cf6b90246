package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.optimizer.Optimizers;
import dev.glissade.testing.Allocation;
import dev.glissade.testing.CoreOptimizers;
import dev.glissade.testing.StorageContract;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** Where numbers are kept, and what is copied. */
class StorageTest extends StorageContract {
  StorageTest() {
    super(CoreOptimizers.plain());
  }

  @Test
  void aGradientFunctionThatIsNotCalledCostsNoCopy() {
    int size = 100_000;
    Tree params = Tree.of("w", Tensor.wrap(new float[size], size));
    Tree gradients = Tree.of("w", Tensor.wrap(new float[size], size));
    Stepper<?> stepper = Stepper.of(Optimizers.adamw(1e-3), params);
    Extras extras = Extras.NONE.withGradientFunction((at, i) -> at);
    long least = Allocation.least(size, () -> stepper.step(gradients, extras));
    assertThat(least).isLessThan(size);
  }

  private static String explained(Tree params) {
    Stepper<?> stepper = Stepper.borrowing(Optimizers.adamw(1e-3), params);
    stepper.step(Tree.of("empty", Tensor.of(new float[0]), "w", Tensor.of(new float[600])));
    return stepper.explain();
  }

  private static Tree withEmpty(Tensor w) {
    return Tree.of("empty", Tensor.of(new float[0]), "w", w);
  }

  @Test
  void theExplanationSaysWhatIsCopied() {
    assertThat(explained(withEmpty(Tensor.wrap(new float[600])))).doesNotContain("copies");
    ByteBuffer otherOrder = ByteBuffer.allocateDirect(4 * 600).order(ByteOrder.BIG_ENDIAN);
    assertThat(explained(withEmpty(Tensor.wrap(DType.FLOAT32, otherOrder, 600))))
        .contains("on copies");
    ByteBuffer direct = ByteBuffer.allocateDirect(4 * 600).order(ByteOrder.nativeOrder());
    String plan = explained(withEmpty(Tensor.wrap(DType.FLOAT32, direct, 600)));
    // An empty leaf on the heap beside it makes no difference; JDK 19 to 21 have no vectors there.
    int jdk = Runtime.version().feature();
    boolean copies = !plan.contains("by vectors") || (jdk > 18 && jdk < 22);
    assertThat(plan.contains("on copies")).as(plan).isEqualTo(copies);
  }
}
