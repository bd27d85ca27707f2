using Lanyard.Checkpoints;
using Lanyard.Published;
using Lanyard.Tests.Checkpoints;
using Lanyard.Tests.Models;
using Microsoft.Extensions.Logging;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Loading;

/// <summary>What a load left out or changed is said.</summary>
public sealed class LoadReportTests : IDisposable
{
    private readonly TensorFiles _files = new();
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
        _files.Dispose();
    }

    private static Dictionary<string, Tensor> Weights(ScalarType type = ScalarType.Float32) =>
        Enumerable.Range(0, 2).SelectMany(i => new[] { ($"blocks.{i}.q.weight", randn(4, 3)), ($"blocks.{i}.up", randn(3, 4)) }).ToDictionary(item => item.Item1, item => item.Item2.to_type(type));

    [Fact]
    public void Ignored_tensors_are_listed_and_those_beside_what_is_loaded_are_warned_of()
    {
        using var model = new LeftOut();
        var weights = Weights();
        foreach (var i in new[] { 0, 1 })
        {
            weights[$"blocks.{i}.q.bias"] = randn(4);
            weights[$"blocks.{i}.up_bias"] = randn(4);
            weights[$"blocks.{i}.rotary.inv_freq"] = randn(2);
            weights[$"blocks.{i}.input_scale"] = randn(1);
        }
        weights["blocks.1.up_scale"] = randn(1);
        weights["vision.q.bias"] = randn(4);
        weights["vision.q.weight"] = randn(4);
        var logger = new Lines();
        var report = _files.Load(model, weights, new LoadOptions { Logger = logger });

        Assert.Equal(11, report.Ignored.Length);
        Assert.Equal(weights.Keys.Where(name => !Weights().ContainsKey(name)).Order(StringComparer.Ordinal), report.Ignored.ToArray());
        Assert.Contains("; ignored: blocks.{0,1}.input_scale, blocks.{0,1}.q.bias, blocks.{0,1}.rotary.inv_freq, blocks.{0,1}.up_bias, blocks.1.up_scale, vision.q.bias, vision.q.weight;", report.ToString(), StringComparison.Ordinal);
        string[] warnings =
        [
            "blocks.{0,1}.q.bias were ignored beside blocks.{0,1}.q.weight, which were loaded: narrow the ignore, or declare a parameter",
            "blocks.{0,1}.up_bias were ignored beside blocks.{0,1}.up, which were loaded: narrow the ignore, or declare a parameter",
            "blocks.1.up_scale was ignored beside blocks.1.up, which was loaded: narrow the ignore, or declare a parameter",
        ];
        Assert.Equal(warnings, report.Warnings.ToArray());
        Assert.Equal(warnings.Select(warning => $"InPlace update: {warning}"), logger.Of(LogLevel.Warning));
        Assert.Contains($"; warning: {warnings[2]};", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void So_are_those_that_the_options_leave_alone()
    {
        using var model = new LeftOut();
        var weights = Weights();
        weights["lora.q.weight"] = randn(1);
        weights["blocks.0.up_zero_point"] = randn(1);
        var report = _files.Load(model, weights, new LoadOptions { Names = new NameMapping { Ignore = ["**_zero_point"], Renames = [new("lora.**", null)] } });
        Assert.Equal(["blocks.0.up_zero_point", "lora.q.weight"], report.Ignored.ToArray());
        Assert.StartsWith("blocks.0.up_zero_point was ignored beside blocks.0.up", Assert.Single(report.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_plain_load_says_nothing_of_it()
    {
        using var model = new LeftOut();
        var report = _files.Load(model, Weights());
        Assert.Equal($"4 slots of 4 tensors, {48 * 4} bytes; post-load ran: nothing", report.ToString());
    }

    [Fact]
    public void What_an_encoding_declares_as_unread_is_listed()
    {
        using var model = new FormMatrix(null, 64, 64, ScalarType.Float32);
        var report = _files.Load(
            model,
            new Dictionary<string, Tensor> { ["p.weight_packed"] = zeros(64, 8, dtype: ScalarType.Int32), ["p.weight_scale"] = ones(64, 2), ["p.weight_shape"] = ones(2, dtype: ScalarType.Int64) },
            new LoadOptions { Format = nameof(Int4Group32) });
        Assert.Equal("p.weight_shape", Assert.Single(report.Unread));
        Assert.Empty(report.Warnings);
        Assert.Equal([new TypeChange("p.weight_packed", "I32", "F32")], report.Converted.ToArray());
    }

    [Fact]
    public void Tensors_and_files_that_were_passed_over_are_named()
    {
        CheckpointWriter.Write(_folder.At("model-1.safetensors"), Weights().Select(item => (item.Key, item.Value)).Append(("old.{x}", randn(1))));
        CheckpointWriter.Write(_folder.At("consolidated.safetensors"), [("other", randn(1))]);
        File.WriteAllText(_folder.At("model.safetensors.index.json"), "{\"weight_map\":{" + string.Join(",", Weights().Keys.Select(name => $"\"{name}\":\"model-1.safetensors\"")) + "}}");
        using var checkpoint = Checkpoint.Open(_folder.Path);
        Assert.Equal(["consolidated.safetensors"], checkpoint.OtherFiles);
        using var model = new LeftOut();
        var report = LoadPlan.Create(model, checkpoint).Execute();
        Assert.Equal(["old.{x}"], report.PassedOver.ToArray());
        Assert.Equal(["consolidated.safetensors"], report.OtherFiles.ToArray());
        Assert.Contains("; passed over: old.{x}; other files: consolidated.safetensors;", report.ToString(), StringComparison.Ordinal);

        // By its own name nobody asked for the others.
        using var file = Checkpoint.Open(_folder.At("consolidated.safetensors"));
        Assert.Empty(file.OtherFiles);
    }

    [Fact]
    public void Types_are_said_of_what_was_widened_and_narrowed()
    {
        using LeftOut wide = new(), narrow = new(ScalarType.BFloat16);
        var weights = Weights(ScalarType.BFloat16);
        weights["blocks.0.up"] = weights["blocks.0.up"].to_type(ScalarType.Float32);
        var report = _files.Load(wide, weights);
        Assert.Equal(["blocks.0.q.weight", "blocks.1.q.weight", "blocks.1.up"], report.Converted.Select(change => change.Tensor));
        Assert.All(report.Converted, change => Assert.Equal(("BF16", "F32"), (change.From, change.To)));
        Assert.Contains("; BF16 to F32: blocks.{0,1}.q.weight, blocks.1.up;", report.ToString(), StringComparison.Ordinal);

        report = _files.Load(narrow, weights, new LoadOptions { AllowNarrowing = true });
        Assert.Equal([new TypeChange("blocks.0.up", "F32", "BF16")], report.Converted.ToArray());
    }

    public static TheoryData<ScalarType, ScalarType> Narrowings => new()
    {
        { ScalarType.Float32, ScalarType.Float16 },
        { ScalarType.BFloat16, ScalarType.Float16 },
        { ScalarType.Float64, ScalarType.Float16 },
        { ScalarType.Float32, ScalarType.BFloat16 },
        { ScalarType.Float64, ScalarType.Float32 },
    };

    [Theory]
    [MemberData(nameof(Narrowings))]
    public void Values_that_became_infinite_are_counted_by_tensor(ScalarType from, ScalarType to)
    {
        using var model = new LeftOut(to);
        var options = new LoadOptions { AllowNarrowing = true };
        var weights = Weights(from);
        Assert.Empty(_files.Load(model, weights, options).Overflowed);

        var largest = to switch { ScalarType.Float16 => 65504.0, ScalarType.BFloat16 => 3.3895313892515355e38, _ => 3.4028234663852886e38 };
        double[] values = from == ScalarType.BFloat16 ? [65280, 65536, -65536, 1e30, double.PositiveInfinity, double.NaN] : [largest, largest * 1.0003, -largest * 1.0003, largest * 1.003, double.PositiveInfinity, double.NaN];
        if (from == ScalarType.Float32 && to == ScalarType.BFloat16) values = [largest, 3.4e38, -3.4e38, 3.402e38, double.PositiveInfinity, double.NaN];
        foreach (var name in new[] { "blocks.0.up", "blocks.1.up" }) weights[name] = cat([torch.tensor(values), zeros(6, ScalarType.Float64)]).reshape(3, 4).to_type(from);
        var expected = new[] { new Overflow("blocks.0.up", 3), new Overflow("blocks.1.up", 3) };

        var report = _files.Load(model, weights, options);
        Assert.Equal(expected, report.Overflowed.ToArray());
        Assert.Equal(["3 values each of blocks.{0,1}.up became infinite: the type of the parameter does not reach them"], report.Warnings.ToArray());
        Assert.Contains("; infinite by rounding: 3 elements of blocks.{0,1}.up;", report.ToString(), StringComparison.Ordinal);
        Assert.Equal(5, isinf(model.Blocks[0].Up).sum().ReadInt64() + isnan(model.Blocks[0].Up).sum().ReadInt64());

        foreach (var mode in new[] { RefitMode.Staged, RefitMode.InPlace })
        {
            using (var refit = model.BeginRefit(mode, options: options))
            {
                refit.Write(weights);
                Assert.Equal(expected, refit.Commit().Overflowed.ToArray());
            }
            using (var refit = model.BeginRefit(mode, RefitScope.Subset, options))
            {
                refit.Write("blocks.0.up", weights["blocks.0.up"][1..], [1, 0]);
                refit.Write("blocks.0.up", weights["blocks.0.up"][..1], [0, 0]);
                Assert.Equal(expected[..1], refit.Commit().Overflowed.ToArray());
            }
            using (var refit = model.BeginRefit(mode, RefitScope.Subset, options))
            {
                refit.Patch("blocks.0.up", torch.tensor(new long[] { 0, 1, 3 }), weights["blocks.0.up"].flatten()[TensorIndex.Tensor(torch.tensor(new long[] { 0, 1, 3 }))]);
                Assert.Equal([new Overflow("blocks.0.up", 2)], refit.Commit().Overflowed.ToArray());
            }
        }
    }

    [Theory]
    [InlineData(ScalarType.Float16, 1e5f, 2)]
    [InlineData(ScalarType.Float16, 1f, 0)]
    [InlineData(ScalarType.BFloat16, 1e38f, 2)]
    [InlineData(ScalarType.BFloat16, float.PositiveInfinity, 0)]
    [InlineData(ScalarType.Float32, 1e38f, 0)]
    public void So_are_decoded_ones(ScalarType type, float scale, int infinite)
    {
        using var model = new EncodedLinear(3, 2, type: type);
        var weights = new Dictionary<string, Tensor>
        {
            ["weight"] = torch.tensor(new sbyte[,] { { 1, 3 }, { -3, 0 }, { 3, 1 } }),
            ["weight_scale"] = torch.tensor(scale),
            ["norm.weight"] = zeros(2, type == ScalarType.Float32 ? ScalarType.Float32 : ScalarType.BFloat16),
            ["rounded"] = zeros(3),
        };

        // Four times 0.84995e38 is finite, and no bfloat16.
        if (type == ScalarType.BFloat16 && float.IsFinite(scale)) (weights["weight"], weights["weight_scale"]) = (torch.tensor(new sbyte[,] { { 1, 4 }, { -4, 0 }, { 3, 1 } }), torch.tensor(0.84995e38f));
        if (type == ScalarType.Float16) weights["weight"] = torch.tensor(new sbyte[,] { { 0, 1 }, { -1, 0 }, { 0, 0 } });
        var report = _files.Load(model, weights, new LoadOptions { AllowNarrowing = true });
        Assert.Equal(infinite, report.Overflowed.Sum(found => found.Elements));
        Assert.All(report.Overflowed, found => Assert.Equal("weight", found.Tensor));
    }

    /// <summary>A log in memory.</summary>
    private sealed class Lines : ILogger
    {
        private readonly List<(LogLevel Level, string Text)> _lines = [];

        public IEnumerable<string> Of(LogLevel level) => _lines.Where(line => line.Level == level).Select(line => line.Text);

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => _lines.Add((logLevel, formatter(state, exception)));
    }
}
