using static TorchSharp.torch;

namespace Lanyard.Models.Layers;

/// <summary>Appends the likeliest token again and again.</summary>
public static class GreedyText
{
    /// <summary>There is no cache of keys and values: every step runs over the whole sequence. No token stops it.</summary>
    /// <param name="promptIds">Tokens as int64, [batch sequence].</param>
    /// <param name="newTokens">How many tokens are appended.</param>
    /// <param name="last">The logits of the last position, [batch vocab], of tokens [batch sequence].</param>
    /// <param name="onToken">Told the tokens of each step, int64, [batch], before the next; they are disposed of when it returns. Null for nothing.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>The prompt and what was appended, int64, [batch (sequence + new)], on the device of the prompt.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static Tensor Generate(Tensor promptIds, int newTokens, Func<Tensor, Tensor> last, Action<Tensor>? onToken = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(newTokens);
        using var _ = no_grad();

        // A handle of our own, for the loop disposes of it.
        var ids = promptIds.alias();
        GC.KeepAlive(promptIds);
        try
        {
            for (var i = 0; i < newTokens; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var next = last(ids).argmax(-1, keepdim: true).to(ids.device);
                var longer = cat([ids, next], 1).MoveToOuterDisposeScope();
                ids.Dispose();
                ids = longer;
                onToken?.Invoke(next.squeeze(1));
            }
            return ids;
        }
        catch
        {
            ids.Dispose();
            throw;
        }
    }
}
