namespace Lanyard.Models.Layers;

/// <summary>Which experts a rank runs. One that is placed several times, to be near its tokens, is run in its first place alone: the ranks add up what they made, and all of them have all tokens.</summary>
internal static class CountedExperts
{
    /// <summary>For each position of the axis <c>experts</c> that the rank holds, the expert; -1 where nothing is run.</summary>
    /// <param name="parameters">Those of the experts.</param>
    public static long[] Of(ParameterSet parameters)
    {
        var held = parameters.Held("experts");
        var earlier = parameters.Topology.ExpertPlacement.Lists.Take(parameters.Topology.ExpertRank).SelectMany(static list => list).ToHashSet();
        return [.. held.Select(expert => earlier.Add(expert) ? expert : -1)];
    }
}
