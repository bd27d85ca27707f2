namespace Lanyard.Models.Layers;

/// <summary>Guards forward passes until ranks can talk to each other.</summary>
internal static class SingleRank
{
    /// <exception cref="NotSupportedException">The model holds some of its layers.</exception>
    public static void RequireAllStages(ParameterSet parameters)
    {
        var topology = parameters.Topology;
        if (topology.PipelineSize == 1) return;
        throw new NotSupportedException(
            $"{parameters.Map.Type} is pipeline stage {topology.PipelineRank} of {topology.PipelineSize}, which has some of the layers: RunStage runs those, and what it returns goes to the next stage.");
    }

    /// <exception cref="NotSupportedException">The module holds a slice: what it computes would be a part of a sum.</exception>
    public static void Require(ParameterSet parameters)
    {
        var topology = parameters.Topology;
        if (topology is { TensorSize: 1, ExpertSize: 1 }) return;
        throw new NotSupportedException(
            $"{parameters.Map.Type} holds the slice of rank {topology.TensorRank} of {topology.TensorSize} (tensor) and {topology.ExpertRank} of {topology.ExpertSize} (expert). " +
            "Its forward pass would give a part of a sum, and adding up over ranks is not supported yet. Loading, refitting and exporting slices is.");
    }
}
