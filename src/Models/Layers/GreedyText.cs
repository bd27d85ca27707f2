using static TorchSharp.torch;

namespace Lanyard.Models.Layers;

/// <summary>Appends the likeliest token again and again.</summary>
public static class GreedyText
{
    /// <summary>There is no cache of keys and values: every step runs over the whole sequence. No token stops it.</summary>
    /// <param name="promptIds">Tokens as int64, [batch sequence].</param>
    /// <param name="newTokens">How many tokens are appended.</param>
    /// <param name="last">The logits of the last position, [batch vocab], of tokens [batch sequence].</param>
    /// <returns>The prompt and what was appended, int64, [batch (sequence + new)], on the device of the prompt.</returns>
    public static Tensor Generate(Tensor promptIds, int newTokens, Func<Tensor, Tensor> last)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(newTokens);
        using var _ = no_grad();

        // A handle of our own, for the loop disposes of it.
        var ids = promptIds.alias();
        for (var i = 0; i < newTokens; i++)
        {
            using var scope = NewDisposeScope();
            var longer = cat([ids, last(ids).argmax(-1, keepdim: true).to(ids.device)], 1).MoveToOuterDisposeScope();
            ids.Dispose();
            ids = longer;
        }
        return ids;
    }
}
