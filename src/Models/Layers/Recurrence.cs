using static TorchSharp.torch;

namespace Lanyard.Models.Layers;

/// <summary>
/// A state of each head, which decays and learns the value of each token under its key; by the gated delta rule it forgets before what it said of the key. Tokens are taken in
/// runs: within one of them products stand for the steps, and what is learnt by the delta rule is one system of equations.
/// Sources: arXiv 2412.06464; transformers, <c>modeling_qwen3_5.py</c>, <c>torch_chunk_gated_delta_rule</c>; arXiv 2405.21060, <c>modeling_nemotron_h.py</c>, <c>NemotronHMamba2Mixer</c>.
/// </summary>
internal static class Recurrence
{
    // As many as in the source: a system of this size costs about what the products around it do.
    private const long Run = 64;

    /// <summary>Runs the heads, in float32: for each token S = e^decay S, S += k v or, by the delta rule, S += beta k (v - k S), and then q S.</summary>
    /// <param name="query">[heads tokens key_dim]</param>
    /// <param name="key">[heads tokens key_dim]</param>
    /// <param name="value">[heads tokens value_dim]</param>
    /// <param name="decay">The logarithm of what is left of the state at each token, [heads tokens].</param>
    /// <param name="beta">How much of it each token replaces by the delta rule, [heads tokens]; null where nothing is forgotten.</param>
    /// <param name="state">The state before, [heads key_dim value_dim].</param>
    /// <returns>[heads tokens value_dim], and the state after.</returns>
    public static (Tensor Values, Tensor State) Over(Tensor query, Tensor key, Tensor value, Tensor decay, Tensor? beta, Tensor state)
    {
        using var scope = NewDisposeScope();
        var read = new List<Tensor>();
        for (long start = 0; start < value.shape[1]; start += Run)
        {
            var count = Math.Min(Run, value.shape[1] - start);
            using var temporaries = NewDisposeScope();
            var (values, next) = OverRun(Part(query), Part(key), Part(value), Part(decay), beta is null ? null : Part(beta).unsqueeze(-1), state);
            read.Add(values.MoveToOuterDisposeScope());
            state = next.MoveToOuterDisposeScope();

            Tensor Part(Tensor all) => all.narrow(1, start, count);
        }
        return (cat(read, 1).MoveToOuterDisposeScope(), state.MoveToOuterDisposeScope());
    }

    private static (Tensor Values, Tensor State) OverRun(Tensor query, Tensor key, Tensor value, Tensor decay, Tensor? beta, Tensor state)
    {
        var count = value.shape[1];
        var sum = decay.cumsum(1);
        var (left, whole) = (sum.exp().unsqueeze(-1), sum.narrow(1, count - 1, 1));

        // What is left at a token of what an earlier one wrote. Masked before the power: later ones would have grown without bound.
        var later = ones([count, count], ScalarType.Bool, sum.device).triu(1);
        var between = (sum.unsqueeze(2) - sum.unsqueeze(1)).FilledWhere(later, double.NegativeInfinity).exp();
        var keys = key.transpose(1, 2);
        var learnt = beta is null ? value : Learnt();
        var values = (query * left).bmm(state).Plus((query.bmm(keys) * between).bmm(learnt));
        var kept = (key * (whole - sum).exp().unsqueeze(-1)).transpose(1, 2);
        return (values, (state * whole.exp().unsqueeze(-1)).Plus(kept.bmm(learnt)));

        // Each token learns its value less what the state and the tokens before say of its key.
        Tensor Learnt()
        {
            var told = key * beta!;
            return linalg.solve_triangular(told.bmm(keys) * between, (value * beta!) - (told * left).bmm(state), upper: false, unitriangular: true);
        }
    }
}
