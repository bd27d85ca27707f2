using Lanyard.Tests.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lanyard.Tests.Losing;

/// <summary>What a post-load method leaves behind, a task or a timer, may do no more than anybody else.</summary>
public sealed class LeftoverTests : IDisposable
{
    private readonly Turned _module = new();
    private readonly TaskCompletionSource _later = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _left = Task.CompletedTask;

    public LeftoverTests() => Refit(1);

    public void Dispose() => _module.Dispose();

    [Fact]
    public async Task A_torn_model_is_not_read_by_a_task_of_its_post_load()
    {
        _module.After = () => _left = Leave(() => _ = _module.Bias);
        Tear();
        _later.SetResult();
        Assert.Contains("torn", (await Assert.ThrowsAsync<ModelStateException>(() => _left)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nor_while_the_method_runs_again()
    {
        _module.After = () => _left = Leave(() => _ = _module.Bias);
        Refit(2);
        _module.After = () =>
        {
            _later.TrySetResult();
            ((IAsyncResult)_left).AsyncWaitHandle.WaitOne();
        };
        Tear();
        Assert.Contains("in-place refit is under way", (await Assert.ThrowsAsync<ModelStateException>(() => _left)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_it_assigns_is_refused_while_the_method_runs_again()
    {
        var weight = new Parameter(full(2, 3, 9f), requires_grad: false);
        var assign = typeof(Turned).GetProperty(nameof(Turned.Weight))!.SetMethod!.CreateDelegate<Action<Parameter>>(_module);
        _module.After = () => _left = Leave(() => assign(weight));
        Refit(2);
        _module.After = () =>
        {
            _later.TrySetResult();
            ((IAsyncResult)_left).AsyncWaitHandle.WaitOne();
        };
        Refit(3);
        await Assert.ThrowsAsync<ModelStateException>(() => _left);
        Assert.Equal(3, _module.Weight[0, 0].ToSingle());
    }

    [Fact]
    public void What_the_method_waits_for_may_read()
    {
        var read = 0f;
        _module.After = () => Task.Run(() => read = _module.Weight[0, 0].ToSingle()).Wait();
        using var refit = _module.BeginRefit(RefitMode.InPlace);
        refit.Write(Turned.Weights(5));
        refit.Commit();
        Assert.Equal(5, read);
    }

    private async Task Leave(Action action)
    {
        await _later.Task;
        action();
    }

    private void Refit(float first)
    {
        using var refit = _module.BeginRefit();
        refit.Write(Turned.Weights(first));
        refit.Commit();
    }

    private void Tear()
    {
        using var refit = _module.BeginRefit(RefitMode.InPlace);
        refit.Write("weight", Turned.Weights(7)["weight"]);
    }
}
