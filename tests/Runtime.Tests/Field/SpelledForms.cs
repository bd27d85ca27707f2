using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>Formats that share tensors: two spellings of a scale, and a square matrix of which only what stands beside it says how it lies.</summary>
[ParameterModule]
public sealed partial class SpelledForms : Module
{
    public SpelledForms(int size = 4)
        : base(nameof(SpelledForms))
    {
        Rows = Columns = size;
        CreateParameters();
        RegisterComponents();
    }

    [Axis] public int Rows { get; }

    [Axis] public int Columns { get; }

    [Parameter("rows columns")]
    [FromCheckpoint("w.weight", "rows columns")]
    [FromCheckpoint("w.weight", "rows columns", Scale = "w.weight_scale", Format = "scale")]
    [FromCheckpoint("w.weight", "rows columns", Scale = "w.weight_scale_inv", BlockSize = 2, Format = "inverse")]
    public partial Parameter Scaled { get; private set; }

    [Parameter("(k: rows + v: rows) columns")]
    [FromCheckpoint("k.weight", "rows columns", Part = "k")]
    [FromCheckpoint("v.weight", "rows columns", Part = "v")]
    [FromCheckpoint("k.weight", "columns rows", Part = "k", Format = "transposed")]
    [FromCheckpoint("v_t.weight", "columns rows", Part = "v", Format = "transposed")]
    public partial Parameter Kv { get; private set; }
}
