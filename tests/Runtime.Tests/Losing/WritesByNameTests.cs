using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Losing;

/// <summary>What writes by registered names, into whatever layout the parameters are in, is refused with what to do instead.</summary>
public sealed class WritesByNameTests : IDisposable
{
    private readonly TinyScene _scene = new();

    public WritesByNameTests() => _scene.Load(_scene.First);

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void A_state_dict_is_refused_by_the_module_and_by_its_base()
    {
        var state = _scene.Model.state_dict().ToDictionary(item => item.Key, item => zeros_like(item.Value));
        Refused(() => ((nn.Module)_scene.Model).load_state_dict(state));
        Refused(() => _scene.Experts.load_state_dict([], strict: false));
        using var fresh = new TinyModel(_scene.Sizes);
        Refused(() => fresh.load_state_dict(state));
    }

    [Fact]
    public void A_file_is_refused()
    {
        using var stream = new MemoryStream();
        _scene.Model.save(stream);
        using var again = new MemoryStream(stream.ToArray());
        Refused(() => _scene.Model.load(again));
    }

    [Fact]
    public void What_a_parent_of_TorchSharp_s_writes_is_gone_after_the_next_refit()
    {
        var parent = nn.Sequential(_scene.Attention);
        parent.load_state_dict(parent.state_dict().ToDictionary(item => item.Key, item => zeros_like(item.Value)));
        Assert.Equal(0, _scene.Attention.QkvWeight.abs().sum().ToSingle());
        _scene.Refit(_scene.Second);
        Assert.Equal(_scene.BitsOf(_scene.Second), _scene.Bits());
    }

    private void Refused(Action write)
    {
        var before = _scene.Bits();
        var error = Assert.Throws<NotSupportedException>(write);
        Assert.Contains("LoadPlan.Create", error.Message, StringComparison.Ordinal);
        Assert.Contains("BeginRefit", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, _scene.Bits());
    }
}
