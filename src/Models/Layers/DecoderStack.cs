using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Layers;

/// <summary>Embedding, layers one after another, and the last norm: what runs in most families alike. It holds nothing itself.</summary>
/// <param name="name">The name of the class.</param>
public abstract class DecoderStack(string name) : Module<Tensor, long, IReadOnlyList<IBlockState>?, Tensor>(name)
{
    /// <summary>The layers: [batch sequence hidden] to the same.</summary>
    protected internal abstract IReadOnlyList<Module<Tensor, Positions, IBlockState?, Tensor>> Blocks { get; }

    /// <summary>Runs the embedding.</summary>
    /// <param name="inputIds">Tokens as int64, [batch sequence].</param>
    /// <returns>[batch sequence hidden]</returns>
    protected abstract Tensor Embed(Tensor inputIds);

    /// <summary>Leaves what layers read beside the stream for them in <see cref="Positions.Leave"/>; nothing in most families.</summary>
    /// <param name="inputIds">Tokens as int64, [batch sequence].</param>
    /// <param name="hidden">The embedding, [batch sequence hidden].</param>
    /// <param name="positions">Where the tokens stand.</param>
    protected virtual void Begin(Tensor inputIds, Tensor hidden, Positions positions)
    {
    }

    /// <summary>Runs the last norm.</summary>
    /// <param name="hidden">[batch sequence hidden]</param>
    /// <returns>[batch sequence hidden]</returns>
    protected abstract Tensor Finish(Tensor hidden);

    /// <summary>Runs the model.</summary>
    /// <param name="inputIds">Tokens as int64, [batch sequence].</param>
    /// <param name="start">How many tokens were before.</param>
    /// <param name="states">What each layer keeps of them, or null where there were none.</param>
    /// <returns>[batch sequence hidden], after the last norm.</returns>
    /// <exception cref="ArgumentException">There is not one state for each layer.</exception>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor inputIds, long start, IReadOnlyList<IBlockState>? states) => Run(inputIds, start, states, null);

    /// <summary>Runs the model and keeps what lies between the layers.</summary>
    /// <param name="inputIds">Tokens as int64, [batch sequence].</param>
    /// <returns>
    /// The embedding and the output of each layer, [batch sequence hidden] each; the last one is after the last norm, as in
    /// transformers.
    /// </returns>
    public IReadOnlyList<Tensor> HiddenStates(Tensor inputIds)
    {
        var between = new List<Tensor>(Blocks.Count + 1);
        between.Add(Run(inputIds, 0, null, between));
        return between;
    }

    private Tensor Run(Tensor inputIds, long start, IReadOnlyList<IBlockState>? states, List<Tensor>? between)
    {
        ArgumentNullException.ThrowIfNull(inputIds);
        using var scope = NewDisposeScope();
        var hidden = Embed(inputIds);
        using var positions = new Positions(start, hidden.shape[1], hidden.device);
        Begin(inputIds, hidden, positions);
        var last = Finish(LayerRun.Through(Blocks, hidden, positions, states, between));

        // Of call(ids.unsqueeze(0)) nobody else has the tensor.
        GC.KeepAlive(inputIds);
        return last.MoveToOuterDisposeScope();
    }
}
