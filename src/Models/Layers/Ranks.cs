using static TorchSharp.torch;

namespace Lanyard.Models.Layers;

/// <summary>Where what the ranks computed comes together.</summary>
public static class Ranks
{
    /// <summary>The sum over tensor-parallel ranks; what one rank computed where there is one. The part is disposed of then.</summary>
    /// <exception cref="NotSupportedException">Nobody gave the model what its ranks do together.</exception>
    public static Tensor Sum(ParameterSet parameters, Tensor part) => parameters.Topology.TensorSize == 1 ? part : Sum(parameters, part, RankGroup.Tensor);

    /// <summary>The sum over tensor- and expert-parallel ranks.</summary>
    /// <exception cref="NotSupportedException">Nobody gave the model what its ranks do together.</exception>
    public static Tensor SumOfExperts(ParameterSet parameters, Tensor part)
    {
        var sum = Sum(parameters, part);
        return parameters.Topology.ExpertSize == 1 ? sum : Sum(parameters, sum, RankGroup.Expert);
    }

    /// <summary>What all tensor-parallel ranks hold of an axis, one after another along the last dimension, without what was added to divide it.</summary>
    /// <exception cref="NotSupportedException">Nobody gave the model what its ranks do together.</exception>
    public static Tensor Gather(ParameterSet parameters, Tensor part, long size)
    {
        if (parameters.Topology.TensorSize == 1) return part;
        using (part)
        {
            using var all = Of(parameters).AllGather(part, -1, RankGroup.Tensor);
            return all.narrow(-1, 0, size);
        }
    }

    /// <summary>The sum over all heads of an axis, those that several ranks hold counted once.</summary>
    /// <param name="parameters">Those of the module.</param>
    /// <param name="axis">The axis of the heads.</param>
    /// <param name="each">What comes of each head that the rank holds, [... heads].</param>
    /// <returns>[... 1]</returns>
    /// <exception cref="NotSupportedException">Nobody gave the model what its ranks do together.</exception>
    public static Tensor SumOverHeads(ParameterSet parameters, string axis, Tensor each)
    {
        if (parameters.Topology.TensorSize == 1) return each.sum(-1, keepdim: true);
        using var scope = NewDisposeScope();
        var held = parameters.Held(axis);

        // What was added so that the axis divides is zero, and nobody's.
        var own = held.Select(static index => index < 0 ? 0f : 1f).ToArray();
        var places = tensor(held.Select(static index => Math.Max(index, 0)).ToArray(), device: each.device);
        var holders = zeros([parameters.Axes.First(declared => declared.Name == axis).Size], each.dtype, each.device).index_add(0, places, tensor(own, each.dtype, each.device), Numbers.One);
        var all = Of(parameters).AllReduce(holders, RankGroup.Tensor);
        return Sum(parameters, (each * tensor(own, each.dtype, each.device) / all.index_select(0, places)).sum(-1, keepdim: true), RankGroup.Tensor).MoveToOuterDisposeScope();
    }

    private static Tensor Sum(ParameterSet parameters, Tensor part, RankGroup group)
    {
        using (part) return Of(parameters).AllReduce(part, group);
    }

    private static ICollectives Of(ParameterSet parameters)
    {
        if (parameters.Collectives is { } collectives) return collectives;
        var topology = parameters.Topology;
        throw new NotSupportedException(
            $"{parameters.Map.Type} holds the slice of rank {topology.TensorRank} of {topology.TensorSize} (tensor) and {topology.ExpertRank} of {topology.ExpertSize} (expert). " +
            "Its forward pass gives a part of a sum, which the ranks add up together: give the model their operations with model.Join(collectives). Loading, refitting and exporting slices needs none.");
    }
}
