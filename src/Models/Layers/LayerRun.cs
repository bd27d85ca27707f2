using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Layers;

/// <summary>Runs layers one after another.</summary>
internal static class LayerRun
{
    /// <summary>What the last layer gives.</summary>
    /// <param name="layers">The layers: [batch sequence hidden] to the same.</param>
    /// <param name="hidden">What goes into the first one; it is disposed of.</param>
    /// <param name="positions">Where the tokens stand.</param>
    /// <param name="states">What each layer keeps of the tokens before, or null where there were none.</param>
    /// <param name="between">Where what goes into each layer is kept, or null.</param>
    /// <exception cref="ArgumentException">There is not one state for each layer.</exception>
    public static Tensor Through(IReadOnlyList<Module<Tensor, Positions, IBlockState?, Tensor>> layers, Tensor hidden, Positions positions, IReadOnlyList<IBlockState>? states, List<Tensor>? between)
    {
        if (states is not null && states.Count != layers.Count) throw new ArgumentException($"There are {states.Count} states for {layers.Count} layers.", nameof(states));
        for (var i = 0; i < layers.Count; i++)
        {
            // Another handle: this one is disposed of below.
            between?.Add(hidden.alias().MoveToOuterDisposeScope());
            var before = hidden;
            hidden = layers[i].call(before, positions, states?[i]);

            // Not left to the scope: one layer's worth is alive at a time.
            before.Dispose();
        }
        return hidden;
    }
}
