using Lanyard.Checkpoints;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Encodings;

/// <summary>Sums and declared values are no more rounded without a word than stored ones: whatever type, layout and way they take.</summary>
public sealed class OffsetTests : IDisposable
{
    private const string Expected = "may lose bits of them, and takes them only where the source has Cast or the load AllowNarrowing";
    private readonly TensorFiles _files = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _files.Dispose();
    }

    private static Dictionary<string, Tensor> Weights(string part, ScalarType type) => part switch
    {
        "scaled" => new() { ["scaled"] = ones(2, 3, dtype: ScalarType.Int8), ["scale"] = full([], 0.001953125f) },
        _ => new() { [part] = full([2, 3], 0.001953125f).to_type(type) },
    };

    [Theory]
    [InlineData("plain", ScalarType.Float32)]
    [InlineData("plain", ScalarType.BFloat16)]
    [InlineData("plain", ScalarType.Float16)]
    [InlineData("plain", ScalarType.Int8)]
    [InlineData("scaled", ScalarType.Int8)]
    [InlineData("kernel", ScalarType.BFloat16)]
    public void A_narrower_parameter_is_refused_on_load_refit_and_patch(string part, ScalarType stored)
    {
        foreach (var type in new[] { ScalarType.BFloat16, ScalarType.Float16 })
        {
            using var model = new Shifted(part, type);
            var problem = Assert.Single(_files.Refused(model, Weights(part, stored)));
            Assert.Equal((LoadProblemKind.WrongType, part), (problem.Kind, problem.Tensor));
            Assert.EndsWith(Expected, problem.Expected, StringComparison.Ordinal);

            _files.Load(model, Weights(part, stored), new LoadOptions { AllowNarrowing = true });
            foreach (var mode in Enum.GetValues<RefitMode>())
            {
                using (var refit = model.BeginRefit(mode))
                {
                    refit.Write(Weights(part, stored));
                    Assert.Equal(LoadProblemKind.WrongType, Assert.Single(Assert.Throws<LoadException>(() => refit.Commit()).Problems).Kind);
                }
                if (part == "scaled") continue;
                using (var refit = model.BeginRefit(mode, RefitScope.Subset))
                {
                    refit.Patch(part, arange(1), Weights(part, stored)[part].flatten()[..1]);
                    Assert.Equal(LoadProblemKind.WrongType, Assert.Single(Assert.Throws<LoadException>(() => refit.Commit()).Problems).Kind);
                }
                using (var refit = model.BeginRefit(mode, RefitScope.Subset))
                {
                    refit.Write(part, Weights(part, stored)[part][..1], [0, 0]);
                    Assert.Equal(LoadProblemKind.WrongType, Assert.Single(Assert.Throws<LoadException>(() => refit.Commit()).Problems).Kind);
                }
            }
        }
    }

    [Theory]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Byte)]
    public void Whole_numbers_hold_no_sums(ScalarType type)
    {
        using var model = new Shifted("plain", type);
        Assert.Equal($"a parameter of floating-point type, not {(type == ScalarType.Int32 ? "I32" : "U8")}", Assert.Single(_files.Refused(model, Weights("plain", type), new LoadOptions { AllowNarrowing = true })).Expected);
    }

    [Fact]
    public void A_source_that_says_Cast_is_rounded()
    {
        using var model = new Shifted("cast", ScalarType.BFloat16);
        _files.Load(model, Weights("cast", ScalarType.BFloat16));
        Assert.True(model.Rounded!.to_type(ScalarType.Float32).Equals(ones(2, 3)));
    }

    [Fact]
    public void A_model_that_was_converted_is_refused_the_next_refit()
    {
        using var model = new Shifted("plain");
        _files.Load(model, Weights("plain", ScalarType.Float32));
        model.to(ScalarType.BFloat16);
        using var refit = model.BeginRefit();
        refit.Write(Weights("plain", ScalarType.BFloat16));
        Assert.Throws<LoadException>(() => refit.Commit());
    }

    /// <summary>Of eight digits, and of none before the thirtieth.</summary>
    [Theory]
    [InlineData("large", 16777218f)]
    [InlineData("small", -1e-30f)]
    public void A_number_of_float32_is_added_to_the_bit(string part, float offset)
    {
        using var model = new Shifted(part);
        _files.Load(model, new Dictionary<string, Tensor> { [part] = zeros(2, 3) });
        var value = (part == "large" ? model.Large : model.Small)!;
        Assert.All(value.data<float>().ToArray(), sum => Assert.Equal(offset, sum));
    }

    [Theory]
    [InlineData(16777217, "16777216")]
    [InlineData(0.123456789, "0.12345679")]
    [InlineData(1e39, "∞")]
    [InlineData(1e-60, "0")]
    [InlineData(double.NaN, "NaN")]
    public void A_number_that_float32_does_not_have_is_refused(double offset, string nearest)
    {
        using var module = new Handmade(offset);
        var headers = new[] { new CheckpointTensor { Name = "w", DType = CheckpointType.F32, Shape = [3], File = "", Offset = 0, Length = 12 } };
        var error = Assert.Throws<InvalidOperationException>(() => LoadPlan.Check(module, headers));
        Assert.Contains("is no number of float32, in which values are computed", error.Message, StringComparison.Ordinal);
        Assert.Contains(nearest == "∞" ? "Infinity" : nearest, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1)]
    [InlineData(-0.5)]
    [InlineData(0.10000000149011612)]
    public void Others_are_taken_as_they_are_written(double offset)
    {
        using var module = new Handmade(offset);
        LoadPlan.Check(module, [new CheckpointTensor { Name = "w", DType = CheckpointType.F32, Shape = [3], File = "", Offset = 0, Length = 12 }]);
    }

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    public void Declared_values_that_a_type_does_not_have_are_refused_as_stored_ones_are(ScalarType type)
    {
        using var model = new DeclaredNumbers(type);
        var weights = new Dictionary<string, Tensor> { ["bias"] = zeros(2, type) };
        var problems = _files.Refused(model, weights);
        Assert.All(problems, problem => Assert.Equal(LoadProblemKind.WrongType, problem.Kind));
        Assert.Equal(type == ScalarType.Float16 ? ["a constant of 0.1"] : ["a constant of 0.1", "Absent = 257"], problems.Select(problem => problem.Found).OrderBy(found => found, StringComparer.Ordinal).Reverse());
        Assert.Contains(problems, problem => problem.Expected!.StartsWith(type == ScalarType.Float16 ? "a type that has 0.1: F16 makes 0.0999755859375 of it" : "a type that has 257: BF16 makes 256 of it", StringComparison.Ordinal));

        var options = new LoadOptions { AllowNarrowing = true };
        _files.Load(model, weights, options);
        using (var refit = model.BeginRefit())
        {
            refit.Write(weights);
            Assert.Throws<LoadException>(() => refit.Commit());
        }
        using (var refit = model.BeginRefit(scope: RefitScope.Subset))
        {
            refit.Write("scale", ones(2, type));
            refit.Commit();
        }

        // With its tensor the value is not asked for.
        using var wide = new DeclaredNumbers(type, isWide: true);
        _files.Load(wide, weights);
        Assert.Equal(type == ScalarType.Float16 ? 257 : 256, wide.RoundedScale!.to_type(ScalarType.Float32).data<float>()[0]);
    }

    [Fact]
    public void Float32_has_them()
    {
        using var model = new DeclaredNumbers(ScalarType.Float32);
        _files.Load(model, new Dictionary<string, Tensor> { ["bias"] = zeros(2) });
        Assert.Equal((0.1f, 257f), (model.Bias!.data<float>()[4], model.Scale!.data<float>()[1]));
    }

    private sealed class Handmade : ParameterSet, IParameterModule, IDisposable
    {
        private TorchSharp.Modules.Parameter? _value;

        public Handmade(double offset)
            : base(new ModuleMap
            {
                Type = nameof(Handmade),
                Axes = [new AxisEntry("rows", Shard.None, false, [])],
                Parameters = [new ParameterEntry(0, "W", "w", "rows", [new CheckpointSource("w", "rows") { Offset = offset }])],
            }) => Create(Topology.Single, ScalarType.Float32, CPU);

        ParameterSet IParameterModule.Parameters => this;

        public void Dispose() => _value?.Dispose();

        protected override void Assign(int index, TorchSharp.Modules.Parameter value) => _value = Accept(index, value);

        protected override long SizeOf(int axis) => 3;

        protected override void Run(int postLoad) => throw new InvalidOperationException();
    }
}
