using Lanyard.Tests.Losing;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Allocation;

/// <summary>Parameters live where an engine says.</summary>
public sealed class AllocatorTests : IDisposable
{
    private readonly TinyScene _scene = new();
    private readonly Arena _arena = new();

    public void Dispose()
    {
        _scene.Dispose();
        _arena.Dispose();
    }

    [Fact]
    public void Every_parameter_is_in_the_arena_before_a_load_after_it_and_after_refits()
    {
        _scene.Load(_scene.First);
        using var model = new TinyModel(_scene.Sizes).OnRank(allocate: _arena.Allocate);
        AllInside(model);
        _scene.Load(_scene.First, model);
        AllInside(model);
        Assert.Equal(_scene.Bits(), _scene.Bits(model));
        var (asked, addresses) = (_arena.Asked, Addresses(model));
        for (var i = 0; i < 4; i++)
        {
            using var refit = model.BeginRefit(i % 2 == 0 ? RefitMode.Staged : RefitMode.InPlace);
            refit.Write(i % 2 == 0 ? _scene.Second : _scene.First);
            refit.Commit();
        }
        Assert.Equal(_scene.BitsOf(_scene.First), _scene.Bits(model));
        Assert.Equal((asked, addresses), (_arena.Asked, Addresses(model)));
    }

    [Fact]
    public void What_to_makes_is_in_the_arena_with_its_strides_and_gradients()
    {
        using var model = new TinyModel(_scene.Sizes).OnRank(allocate: _arena.Allocate);
        _scene.Load(_scene.First, model);
        var used = _arena.Used;
        model.to(ScalarType.BFloat16);
        AllInside(model);
        Assert.All(model.AllParameters().Where(item => item.Parameter.Entry.Type is null), item => Assert.Equal(ScalarType.BFloat16, item.Parameter.Value.dtype));
        Assert.InRange(_arena.Used, used + 1, 3 * used);
        using var plain = new TinyModel(_scene.Sizes);
        _scene.Load(_scene.First, plain);
        plain.to(ScalarType.BFloat16);
        Assert.Equal(_scene.Bits(plain), _scene.Bits(model));
        using var refit = model.BeginRefit();
        refit.Write(_scene.Second.ToDictionary(item => item.Key, item => item.Value.to(ScalarType.BFloat16)));
        refit.Commit();
        AllInside(model);
    }

    [Fact]
    public void A_conversion_that_the_function_refuses_leaves_the_module_as_it_was()
    {
        using var model = new TinyProjection(6, 5).OnRank(allocate: _arena.Allocate);
        Fill(model);
        var before = TensorAddress.Of(model.Weight);
        _arena.Instead = static (_, _, _) => throw new InvalidOperationException("full");
        Assert.Contains("TinyProjection.Weight, BFloat16 [5, 8] on cpu: it threw InvalidOperationException, full", Assert.Throws<ModelStateException>(() => model.to(ScalarType.BFloat16)).Message, StringComparison.Ordinal);
        Assert.Equal((before, ScalarType.Float32), (TensorAddress.Of(model.Weight), model.Weight.dtype));
        _arena.Instead = null;
        model.to(ScalarType.BFloat16);
        AllInside(model);
    }

    [Theory]
    [InlineData("null", "it made null")]
    [InlineData("disposed", "it made a tensor that was disposed")]
    [InlineData("shape", "it made Float32 [4] on cpu")]
    [InlineData("type", "it made Float64 [5, 8] on cpu")]
    [InlineData("strides", "it made a tensor with strides [1, 5], which is not contiguous")]
    [InlineData("gradient", "it made a tensor that requires gradients")]
    [InlineData("meta", "it made Float32 [5, 8] on meta")]
    [InlineData("throws", "it threw InvalidOperationException, full")]
    public void What_the_function_makes_is_looked_at(string kind, string fault)
    {
        _arena.Instead = (shape, type, device) => kind switch
        {
            "null" => null!,
            "disposed" => Disposed(shape),
            "shape" => zeros(4),
            "type" => zeros(shape, ScalarType.Float64),
            "strides" => zeros([.. shape.Reverse()]).t(),
            "gradient" => zeros(shape, requires_grad: true),
            "meta" => zeros(shape, device: META),
            _ => throw new InvalidOperationException("full"),
        };
        using var model = new TinyProjection(6, 5);
        Assert.Contains($"TinyProjection.Weight, Float32 [5, 8] on cpu: {fault}", Assert.Throws<ModelStateException>(() => model.OnRank(allocate: _arena.Allocate)).Message, StringComparison.Ordinal);

        // Nothing was made, so that it can be said again.
        _arena.Instead = null;
        model.OnRank(allocate: _arena.Allocate);
        Fill(model);
        AllInside(model);

        static Tensor Disposed(long[] shape)
        {
            var value = zeros(shape);
            value.Dispose();
            return value;
        }
    }

    [Fact]
    public void All_that_is_wrong_is_named_and_the_model_can_be_made_afterwards()
    {
        using var model = new TinyModel(_scene.Sizes);
        _arena.Instead = static (_, _, _) => throw new InvalidOperationException("full");
        var message = Assert.Throws<ModelStateException>(() => model.OnRank(allocate: _arena.Allocate)).Message;
        Assert.Contains("TinyExperts.W2Weight", message, StringComparison.Ordinal);
        Assert.Contains("TinyAttention.QkvWeight", message, StringComparison.Ordinal);
        model.OnRank();
        _scene.Load(_scene.First, model);
        Assert.All(model.AllParameters(), item => Assert.False(_arena.Holds(item.Parameter.Value)));
    }

    [Fact]
    public void Memory_that_two_parameters_would_share_is_refused_with_both()
    {
        _arena.Instead = (shape, type, _) =>
        {
            _arena.Instead = null;
            var made = _arena.Allocate(shape, type, CPU);
            _arena.Back(type, 0);
            return made;
        };
        using var model = new TinyModel(_scene.Sizes);
        Assert.Matches("Tiny.* and Tiny.*: it gave both the same memory", Assert.Throws<ModelStateException>(() => model.OnRank(allocate: _arena.Allocate)).Message);

        // And where one of them has it already.
        ParameterAllocator allocate = _arena.Allocate;
        using var first = new TinyProjection(6, 5).OnRank(allocate: allocate);
        Fill(first);
        _arena.Back(ScalarType.Float32, _arena.Used - 16);
        using var second = new TinyProjection(6, 5);
        Assert.Contains("TinyProjection.Weight: it gave the memory that TinyProjection.Weight has", Assert.Throws<ModelStateException>(() => second.OnRank(allocate: allocate)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Padding_in_used_memory_is_zero()
    {
        _arena.Instead = static (shape, type, _) => ones(shape, type);
        using var model = new TinyProjection(6, 5).OnRank(allocate: _arena.Allocate);
        Fill(model);
        Assert.Equal(30, model.Weight.count_nonzero().ToInt64());
    }

    [Fact]
    public void An_arena_that_was_made_in_inference_mode_is_written_to_outside_of_it()
    {
        Tensor arena;
        using (inference_mode()) arena = zeros(64);
        using var model = new TinyProjection(6, 5).OnRank(allocate: (shape, _, _) => arena.narrow(0, 0, 40).view(shape));
        Fill(model);
        Assert.Equal(30, model.Weight.count_nonzero().ToInt64());
        arena.Dispose();
    }

    [Fact]
    public void One_tree_has_one_function()
    {
        using var other = new Arena();
        var part = new KernelPart().OnRank(allocate: other.Allocate);
        var error = Assert.Throws<ModelStateException>(() => new KernelPart(below: part).OnRank(allocate: _arena.Allocate));
        Assert.Contains("in memory that one function makes, but KernelPart has memory of its own function and KernelPart \"below\" has memory of its own function", error.Message, StringComparison.Ordinal);
        var made = new KernelPart().OnRank();
        Assert.Contains("memory that nobody chose", Assert.Throws<ModelStateException>(() => new KernelPart(below: made).OnRank(allocate: _arena.Allocate)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_that_was_told_tells_the_tree_around_it()
    {
        var part = new KernelPart().OnRank(allocate: _arena.Allocate);
        using var model = new KernelPart(below: part).OnRank();
        using (var refit = model.BeginRefit())
        {
            refit.Write("weight", ones(2, 3));
            refit.Write("below.weight", ones(2, 3));
            refit.Commit();
        }
        AllInside(model);
    }

    [Fact]
    public void Experts_that_move_are_in_it_before_and_after_they_have_come()
    {
        static Topology Places(params System.Collections.Immutable.ImmutableArray<long>[] ranks) => new(0, 1, expertRank: 0, expertSize: 2) { ExpertPlacement = ExpertPlacement.Listed([.. ranks]) };
        using var model = new TinyModel(_scene.Sizes).OnRank(Places([0], [1, 2]), allocate: _arena.Allocate);
        _scene.Load(_scene.First, model);
        AllInside(model);
        var used = _arena.Used;
        var report = model.PlaceExperts(ExpertPlacement.Listed([[0, 2], [1]]));
        AllInside(model, ModelState.Incomplete);
        using (var refit = model.BeginRefit(RefitMode.InPlace, RefitScope.Subset))
        {
            foreach (var name in report.Missing) refit.Write(name, _scene.First[name]);
            refit.Commit();
        }
        AllInside(model);
        using var fresh = new TinyModel(_scene.Sizes).OnRank(Places([0, 2], [1]));
        _scene.Load(_scene.First, fresh);
        Assert.Equal(_scene.Bits(fresh), _scene.Bits(model));
        Assert.InRange(_arena.Used, used + 1, 4 * used);

        // What is refused changes nothing.
        _arena.Instead = static (_, _, _) => throw new InvalidOperationException("full");
        Assert.Contains("full", Assert.Throws<ModelStateException>(() => model.PlaceExperts(ExpertPlacement.Listed([[0, 1, 2], [1]]))).Message, StringComparison.Ordinal);
        Assert.Equal(_scene.Bits(fresh), _scene.Bits(model));
        AllInside(model);
    }

    [Fact]
    public void A_file_cannot_be_mapped_into_it()
    {
        using var model = new TinyProjection(6, 5).OnRank(allocate: _arena.Allocate);
        Assert.Contains("LoadMode.Copy", Assert.Throws<ModelStateException>(() => model.BeginRefit(RefitMode.InPlace, options: new LoadOptions { Mode = LoadMode.Map })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_grows_over_a_thousand_refits()
    {
        using var model = new TinyModel(_scene.Sizes).OnRank(allocate: _arena.Allocate);
        _scene.Load(_scene.First, model);
        var used = (_arena.Used, _arena.Asked, Addresses(model));
        for (var i = 0; i < 1000; i++)
        {
            using var refit = model.BeginRefit(i % 2 == 0 ? RefitMode.Staged : RefitMode.InPlace);
            refit.Write(i % 2 == 0 ? _scene.Second : _scene.First);
            refit.Commit();
            if (i == 20) GC.Collect();
        }
        Assert.Equal(used, (_arena.Used, _arena.Asked, Addresses(model)));
        Assert.Equal(_scene.BitsOf(_scene.First), _scene.Bits(model));
    }

    private static void Fill(TinyProjection model)
    {
        using var weight = ones(6, 5, model.Parameters.Weight.ModelType);
        using var refit = model.BeginRefit();
        refit.Write("weight", weight);
        refit.Commit();
    }

    private void AllInside(IParameterModule model, ModelState state = ModelState.Loaded)
    {
        Assert.Contains(state, (ModelState[])[model.Parameters.State, .. model.AllParameters().Select(item => item.Parameter.Owner.State), ModelState.Loaded]);
        foreach (var (name, parameter) in model.AllParameters().Where(item => item.Parameter.Owner.State == ModelState.Loaded)) Assert.True(_arena.Holds(parameter.Value), name);
        foreach (var slots in model.Slots().Where(slots => slots.NotInMemory is null))
            Assert.All(slots.Regions, region => Assert.True(_arena.Holds(region.Address!.Value, region.ElementSize), slots.Tensor));
    }

    private static string Addresses(IParameterModule model) => string.Join(" ", model.AllParameters().Select(item => TensorAddress.Of(item.Parameter.Value)));
}
