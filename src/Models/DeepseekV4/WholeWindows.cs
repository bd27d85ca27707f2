using Lanyard.Models.Layers;
using static TorchSharp.torch;

namespace Lanyard.Models.DeepseekV4;

/// <summary>Which entries stand for tokens that a query may see.</summary>
internal static class WholeWindows
{
    /// <summary>Those of windows that end at the query or before it, [sequence entries]. It belongs to the positions.</summary>
    /// <param name="positions">Where the queries stand.</param>
    /// <param name="rate">How many tokens a window has.</param>
    public static Tensor Seen(Positions positions, int rate) => positions.Made(("windows", rate), () =>
    {
        using var scope = NewDisposeScope();
        var whole = Numbers.Range(positions.Start + 1, positions.Total + 1, device: positions.Device).FloorOver(rate).unsqueeze(1);
        return [Numbers.Range(0, positions.Total / rate, device: positions.Device).lt(whole).MoveToOuterDisposeScope()];
    })[0];
}
