using Lanyard.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.DeepseekV4;

/// <summary>
/// Makes one entry of each whole window of tokens: a sum of what each gives, with a weight for each element; in one that overlaps tokens of the window before give a part, too.
/// Whole on every rank. Source: transformers, <c>modeling_deepseek_v4.py</c>, <c>DeepseekV4HCACompressor</c> and <c>DeepseekV4CSACompressor</c>.
/// </summary>
[ParameterModule]
public sealed partial class DeepseekV4Compressor : Module<Tensor, Positions, IBlockState?, Tensor>
{
    private readonly RotaryEmbedding _rotary;
    private readonly string _name;

    /// <summary>Makes the compressor; the values are not initialised.</summary>
    /// <param name="hidden">The width of the residual stream.</param>
    /// <param name="headDim">The width of an entry.</param>
    /// <param name="rate">How many tokens a window has.</param>
    /// <param name="overlaps">Whether an entry is of the window before, too.</param>
    /// <param name="eps">What the norm adds to the mean square.</param>
    /// <param name="rotary">How entries are turned, by the positions of the first tokens of their windows.</param>
    /// <param name="name">What its parts of the state are called.</param>
    public DeepseekV4Compressor(int hidden, int headDim, int rate, bool overlaps, double eps, RotaryEmbedding rotary, string name)
        : base(nameof(DeepseekV4Compressor))
    {
        (Hidden, HeadDim, Rate, Overlaps, _rotary, _name) = (hidden, headDim, rate, overlaps, rotary, name);
        Norm = new RmsNorm(headDim, eps);
        RegisterComponents();
    }

    /// <summary>The width of the residual stream.</summary>
    [Axis]
    public int Hidden { get; }

    /// <summary>The width of an entry.</summary>
    public int HeadDim { get; }

    /// <summary>How many tokens a window has.</summary>
    [Axis]
    public int Rate { get; }

    /// <summary>Whether an entry is of the window before, too.</summary>
    public bool Overlaps { get; }

    /// <summary>The width of what a token gives: a part of the next entry and one of its own, or of its own alone.</summary>
    [Axis]
    public int Parts => Overlaps ? 2 * HeadDim : HeadDim;

    /// <summary>What makes the parts, [parts hidden].</summary>
    [Parameter("parts hidden")]
    [FromCheckpoint("wkv.weight", "parts hidden")]
    public partial Parameter WkvWeight { get; private set; }

    /// <summary>What makes the logarithms of their weights, [parts hidden].</summary>
    [Parameter("parts hidden")]
    [FromCheckpoint("wgate.weight", "parts hidden")]
    public partial Parameter WgateWeight { get; private set; }

    /// <summary>What is added to those, by the place in the window, [rate parts]; float32 in a model of any type.</summary>
    [Parameter("rate parts", Type = ScalarType.Float32)]
    [FromCheckpoint("ape", "rate parts")]
    public partial Parameter Ape { get; private set; }

    /// <summary>The norm of entries.</summary>
    [Child(typeof(RmsNorm), Axes = "hidden = head_dim")]
    public Module<Tensor, Tensor> Norm { get; private set; }

    /// <summary>Makes the entries.</summary>
    /// <param name="hidden">[batch sequence hidden]</param>
    /// <param name="positions">Where the tokens stand.</param>
    /// <param name="state">The entries of the tokens before, and what those of an unfinished window gave and, with overlap, those of the last whole one; or null.</param>
    /// <returns>[batch entries head_dim], those of all windows that are whole.</returns>
    public override Tensor forward(Tensor hidden, Positions positions, IBlockState? state)
    {
        using var scope = NewDisposeScope();
        var (given, gates) = (Parameters.WkvWeight.Linear(hidden), Parameters.WgateWeight.Linear(hidden));
        if (state?.Get($"{_name}.given") is { } givenBefore) given = cat([givenBefore, given], 1);
        if (state?.Get($"{_name}.gates") is { } gatesBefore) gates = cat([gatesBefore, gates], 1);

        // The windows of which these are, from a whole one on; those that have an entry already; those that are whole now.
        var (first, done, whole) = ((positions.Total - given.shape[1]) / Rate, positions.Start / Rate, positions.Total / Rate);
        var entries = whole > done
            ? Turned(Norm.call(Entries(given, gates, whole - first).narrow(1, done - first, whole - done)), done, whole)
            : zeros([hidden.shape[0], 0, HeadDim], given.dtype, given.device);
        if (state is not null)
        {
            var kept = Math.Max(whole - (Overlaps ? 1 : 0), first);
            state.Set($"{_name}.given", Behind(given));
            state.Set($"{_name}.gates", Behind(gates));
            entries = state.Extend($"{_name}.entries", entries, 1);

            Tensor Behind(Tensor all) => all.narrow(1, (kept - first) * Rate, positions.Total - (kept * Rate));
        }
        return entries.MoveToOuterDisposeScope();
    }

    /// <summary>[batch tokens parts] to [batch windows head_dim]. The first window has none before it here.</summary>
    private Tensor Entries(Tensor given, Tensor gates, long windows)
    {
        var (own, weights) = (Windows(given), Windows(gates).Plus(Ape));
        if (Overlaps)
        {
            own = WithBefore(own, 0);
            weights = WithBefore(weights, double.NegativeInfinity);
        }
        return (own * functional.softmax(weights.to(ScalarType.Float32), 2).to(own.dtype)).sum(2);

        Tensor Windows(Tensor tokens) => tokens.narrow(1, 0, windows * Rate).reshape(tokens.shape[0], windows, Rate, Parts);

        // [batch windows (before own) head_dim]
        Tensor WithBefore(Tensor tokens, double none) => cat(
            [
                cat([Numbers.Full([tokens.shape[0], 1, Rate, HeadDim], none, tokens.dtype, tokens.device), tokens.narrow(1, 0, windows - 1).narrow(-1, 0, HeadDim)], 1),
                tokens.narrow(-1, HeadDim, HeadDim),
            ],
            2);
    }

    private Tensor Turned(Tensor entries, long first, long end)
    {
        var places = Numbers.Range(first * Rate, end * Rate, Rate, ScalarType.Float32, entries.device);
        return TrailingRotary.Turn(entries.unsqueeze(2), _rotary.At(places)).squeeze(2);
    }
}
