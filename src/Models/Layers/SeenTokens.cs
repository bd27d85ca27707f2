using static TorchSharp.torch;

namespace Lanyard.Models.Layers;

/// <summary>How many tokens a recurrent state has seen: from its values alone nobody could tell.</summary>
internal static class SeenTokens
{
    private const string Name = "tokens";

    /// <summary>Refuses a state that is not the one after all tokens before.</summary>
    /// <exception cref="ArgumentException">It has seen fewer or more, or there is none.</exception>
    public static void Require(Positions positions, IBlockState? state)
    {
        var seen = state?.Get(Name)?.ReadInt64() ?? 0;
        if (seen != positions.Start)
            throw new ArgumentException($"The tokens stand at {positions.Start} to {positions.Total - 1}, but {seen} tokens were seen: what was before is in no state.", nameof(state));
    }

    /// <summary>Notes those of this pass.</summary>
    public static void Add(Positions positions, IBlockState? state)
    {
        if (state is null) return;
        using var seen = tensor(positions.Total);
        state.Set(Name, seen);
    }
}
