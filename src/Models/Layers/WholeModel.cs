namespace Lanyard.Models.Layers;

/// <summary>Guards passes that need all layers.</summary>
internal static class WholeModel
{
    /// <exception cref="NotSupportedException">The model holds some of its layers.</exception>
    public static void Require(ParameterSet parameters)
    {
        var topology = parameters.Topology;
        if (topology.PipelineSize == 1) return;
        throw new NotSupportedException(
            $"{parameters.Map.Type} is pipeline stage {topology.PipelineRank} of {topology.PipelineSize}, which has some of the layers: RunStage runs those, and what it returns goes to the next stage.");
    }
}
