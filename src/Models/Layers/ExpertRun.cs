using static TorchSharp.torch;

namespace Lanyard.Models.Layers;

/// <summary>Runs the experts of a mixture that this rank holds, each on its tokens.</summary>
public static class ExpertRun
{
    /// <summary>Sums, for each token, what its experts make of it, over all ranks. Tokens are sorted by expert, and an expert without tokens does not run.</summary>
    /// <param name="parameters">Those of the experts, which have the axis <c>experts</c>.</param>
    /// <param name="tokens">[tokens hidden]</param>
    /// <param name="chosen">The experts that a token visits, int64, [tokens choices].</param>
    /// <param name="weights">What each of them counts for the token, [tokens choices].</param>
    /// <param name="run">What an expert makes of its tokens, [tokens hidden] to the same; it is given its place among those of the rank.</param>
    /// <param name="weighsInput">Whether the weights multiply what goes into an expert, not what comes out.</param>
    /// <returns>[tokens hidden]</returns>
    public static Tensor Sum(ParameterSet parameters, Tensor tokens, Tensor chosen, Tensor weights, Func<int, Tensor, Tensor> run, bool weighsInput = false)
    {
        using var scope = NewDisposeScope();
        var (flat, flatWeights, choices) = (chosen.flatten(), weights.flatten(), chosen.shape[1]);
        var order = flat.argsort();

        // The one time that the processor waits for the device.
        var counts = bincount(flat, minlength: (int)parameters.Axes.First(axis => axis.Name == "experts").Size).cpu().data<long>().ToArray();
        var begins = new long[counts.Length];
        for (var expert = 1; expert < begins.Length; expert++) begins[expert] = begins[expert - 1] + counts[expert - 1];
        var sum = zeros_like(tokens);
        foreach (var (position, expert) in CountedExperts.Of(parameters).Index())
        {
            if (expert < 0 || counts[expert] == 0) continue;

            // One for each expert: the scope around the loop would keep what all of them made.
            using var temporaries = NewDisposeScope();
            var places = order.narrow(0, begins[expert], counts[expert]);
            var rows = places.FloorOver(choices);
            var (own, weight) = (tokens.index_select(0, rows), flatWeights.index_select(0, places).unsqueeze(1));
            sum.index_add_(0, rows, weighsInput ? run(position, own * weight) : run(position, own) * weight, Numbers.One);
        }
        return Ranks.SumOfExperts(parameters, sum).MoveToOuterDisposeScope();
    }
}
