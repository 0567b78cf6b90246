package dev.glissade.dl4j;

import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.host.HostGradients;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The gradients of the trained parameters, on the memory of the network's flat array.
 *
 * @param flat the array, which also has what DL4J itself subtracts: updates of statistics
 * @param address where it is
 * @param parameters the parameters that the gradients are of
 * @param tree the gradients
 */
record FlatGradients(INDArray flat, long address, List<FlatParameter> parameters, Tree tree)
    implements HostGradients {

  static FlatGradients of(INDArray flat, List<FlatParameter> parameters) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    parameters.forEach(each -> tensors.put(each.path(), each.of(flat)));
    return new FlatGradients(flat, FlatArrays.address(flat), parameters, Tree.of(tensors));
  }

  /** Returns whether these are the gradients of these parameters in this array. */
  boolean isOf(INDArray now, List<FlatParameter> trained) {
    return address == FlatArrays.address(now) && parameters.equals(trained);
  }

  @Override
  public void clear() {
    parameters.forEach(each -> FlatArrays.part(flat, each.begin(), each.end()).assign(0));
  }

  @Override
  public void restore(Tree numbers) {
    numbers.copyTo(tree);
  }
}
