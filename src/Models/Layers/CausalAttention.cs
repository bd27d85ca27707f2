using System.Collections.Immutable;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Layers;

/// <summary>What attentions have in common: the keys and values of the tokens before, and softmax over what a query sees.</summary>
public static class CausalAttention
{
    /// <summary>Puts keys and values behind those of the tokens before.</summary>
    /// <param name="key">[batch kv_heads tokens head_dim]</param>
    /// <param name="value">[batch kv_heads tokens value_dim]</param>
    /// <param name="positions">Where the tokens stand.</param>
    /// <param name="state">The keys and values before, or null.</param>
    /// <exception cref="ArgumentException">The tokens do not begin at position 0, and there is no state with those before.</exception>
    public static (Tensor Key, Tensor Value) Extended(Tensor key, Tensor value, Positions positions, IBlockState? state)
    {
        if (state is not null) (key, value) = (state.Extend("key", key, 2), state.Extend("value", value, 2));
        Require(key, positions);
        return (key, value);
    }

    /// <summary>Refuses keys that are not those of all tokens so far.</summary>
    /// <param name="key">[batch kv_heads tokens head_dim]</param>
    /// <param name="positions">Where the tokens stand.</param>
    /// <exception cref="ArgumentException">There are fewer or more.</exception>
    public static void Require(Tensor key, Positions positions)
    {
        if (key.shape[2] != positions.Total)
            throw new ArgumentException($"The tokens stand at {positions.Start} to {positions.Total - 1}, but the keys are those of {key.shape[2]}: what was before is in no state.", nameof(key));
    }

    /// <summary>softmax(q k^T / sqrt(head_dim)) v, masked to what lies before.</summary>
    /// <param name="query">[batch heads sequence head_dim]</param>
    /// <param name="key">[batch kv_heads tokens head_dim]</param>
    /// <param name="value">[batch kv_heads tokens value_dim]</param>
    /// <param name="reads">For each query head of the rank, which of the key heads it reads.</param>
    /// <param name="mask">Which keys a query sees, [sequence tokens]; null for all up to its own, where none were before.</param>
    /// <returns>[batch sequence (heads value_dim)]</returns>
    public static Tensor Attend(Tensor query, Tensor key, Tensor value, ImmutableArray<long> reads, Tensor? mask)
    {
        using var scope = NewDisposeScope();

        // Beside is_causal torch takes no mask. No scale is given: torch's own is head_dim^-0.5. Of grouped heads this function knows nothing.
        var attended = functional.scaled_dot_product_attention(query, KeyHeads.ForEachQuery(key, reads), KeyHeads.ForEachQuery(value, reads), mask, is_casual: mask is null);
        return Joined(attended).MoveToOuterDisposeScope();
    }

    /// <summary>[batch heads sequence value_dim] to [batch sequence (heads value_dim)].</summary>
    public static Tensor Joined(Tensor attended)
    {
        using var turned = attended.transpose(1, 2);
        return turned.reshape(turned.shape[0], turned.shape[1], turned.shape[2] * turned.shape[3]);
    }
}
