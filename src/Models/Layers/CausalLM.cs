using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Layers;

/// <summary>A text model with its output projection: what the root classes of families have in common. It holds nothing itself.</summary>
/// <param name="name">The name of the class.</param>
public abstract class CausalLM(string name) : Module<Tensor, Tensor>(name)
{
    /// <summary>How many layers there are, each of which may have a state.</summary>
    public abstract int BlockCount { get; }

    /// <summary>Runs all but the output projection.</summary>
    /// <param name="inputIds">Tokens as int64, [batch sequence].</param>
    /// <param name="start">How many tokens were before.</param>
    /// <param name="states">What each layer keeps of them, or null where there were none.</param>
    /// <returns>[batch sequence hidden], after the last norm.</returns>
    protected abstract Tensor Run(Tensor inputIds, long start, IReadOnlyList<IBlockState>? states);

    /// <summary>Runs the output projection.</summary>
    /// <param name="hidden">[... hidden]</param>
    /// <returns>Logits, [... vocab].</returns>
    protected abstract Tensor Head(Tensor hidden);

    /// <summary>Runs the model.</summary>
    /// <param name="inputIds">Tokens as int64, [batch sequence]. All sequences have the same length; there is no padding.</param>
    /// <returns>Logits, [batch sequence vocab], of the type of the parameters.</returns>
    /// <exception cref="NotSupportedException">The model holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor inputIds)
    {
        using var hidden = Run(inputIds, 0, null);
        return Head(hidden);
    }

    /// <summary>Runs the model without recording gradients, on one version of the weights.</summary>
    /// <param name="inputIds">Tokens as int64, [batch sequence].</param>
    /// <returns>Logits, [batch sequence vocab], of the type of the parameters.</returns>
    /// <exception cref="NotSupportedException">As for <see cref="forward"/>.</exception>
    /// <inheritdoc cref="ReadingExtensions.Read(IParameterModule, long?, CancellationToken)" path="/exception"/>
    public Tensor Logits(Tensor inputIds)
    {
        using var reading = this.Read();
        using var _ = no_grad();
        return call(inputIds);
    }

    /// <summary>Runs the model on tokens that follow others, without recording gradients, on one version of the weights.</summary>
    /// <param name="inputIds">Tokens as int64, [batch sequence].</param>
    /// <param name="start">How many tokens were before.</param>
    /// <param name="states">What each layer keeps of them, <see cref="BlockCount"/> in all.</param>
    /// <param name="generation">The generation that the states are of, where a refit may have come since; null for any.</param>
    /// <returns>Logits, [batch sequence vocab], of the type of the parameters.</returns>
    /// <exception cref="ArgumentException">There is not one state for each layer, or they lack what was before.</exception>
    /// <exception cref="NotSupportedException">As for <see cref="forward"/>.</exception>
    /// <inheritdoc cref="ReadingExtensions.Read(IParameterModule, long?, CancellationToken)" path="/exception"/>
    public Tensor Logits(Tensor inputIds, long start, IReadOnlyList<IBlockState>? states, long? generation = null)
    {
        using var reading = this.Read(generation);
        using var _ = no_grad();
        using var hidden = Run(inputIds, start, states);
        return Head(hidden);
    }

    /// <summary>
    /// Appends the likeliest token again and again. There is no cache of keys and values: every step runs over the whole
    /// sequence. No token stops it.
    /// </summary>
    /// <remarks>
    /// All tokens are of one version of the weights. Without a generation the model is read for the whole answer, and a refit waits for it. With one it is read
    /// pass by pass, and a refit that comes between ends the answer: begin again with the new generation.
    /// </remarks>
    /// <param name="promptIds">Tokens as int64, [batch sequence].</param>
    /// <param name="newTokens">How many tokens are appended.</param>
    /// <param name="onToken">Told the tokens of each step, int64, [batch], before the next; they are disposed of when it returns. Null for nothing.</param>
    /// <param name="generation">The model's <see cref="ParameterSet.Generation"/> that the answer is of; null for that at its begin.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>The prompt and what was appended, int64, [batch (sequence + new)], on the device of the prompt.</returns>
    /// <exception cref="NotSupportedException">As for <see cref="forward"/>.</exception>
    /// <inheritdoc cref="ReadingExtensions.Read(IParameterModule, long?, CancellationToken)" path="/exception"/>
    public Tensor Generate(Tensor promptIds, int newTokens, Action<Tensor>? onToken = null, long? generation = null, CancellationToken cancellationToken = default)
    {
        using var whole = generation is null ? this.Read(cancellationToken: cancellationToken) : null;
        return GreedyText.Generate(promptIds, newTokens, Last, onToken, cancellationToken);

        // Of the last position alone: the vocabulary is by far the widest axis.
        Tensor Last(Tensor ids)
        {
            using var pass = whole is null ? this.Read(generation, cancellationToken) : null;
            return Head(Run(ids, 0, null).select(1, -1));
        }
    }
}
