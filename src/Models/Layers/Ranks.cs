using static TorchSharp.torch;

namespace Lanyard.Models.Layers;

/// <summary>Where what the ranks computed comes together.</summary>
internal static class Ranks
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
