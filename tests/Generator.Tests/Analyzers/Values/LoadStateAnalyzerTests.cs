using Lanyard.Generator.Analyzers.Values;

namespace Lanyard.Generator.Tests.Analyzers.Values;

public sealed class LoadStateAnalyzerTests
{
    [Theory]
    [InlineData("""void M() => {|LANY0036:load_state_dict|}([]);""")]
    public Task Fires_in_the_class(string code) => Verify.Analyzer<LoadStateAnalyzer>(Layer.With(code));

    [Theory]
    [InlineData("""class Engine { void M(Scale scale) => scale.{|LANY0036:load_state_dict|}([]); }""")]
    [InlineData("""class Engine { void M(Scale? scale) => scale?.{|LANY0036:load|}("file"); }""")]
    [InlineData("""class Engine { void M(Scale scale) => TorchSharp.PyBridge.Bridge.{|LANY0036:load_py|}(scale, "file"); } namespace TorchSharp.PyBridge { static class Bridge { public static void load_py(this Module module, string file) { } } }""")]
    public Task Fires_elsewhere(string code) => Verify.Analyzer<LoadStateAnalyzer>(Layer.With("", after: code));

    [Theory]
    [InlineData("""void load() { } void M() => load();""")]
    public Task Stays_quiet_in_the_class(string code) => Verify.Analyzer<LoadStateAnalyzer>(Layer.With(code));

    [Theory]
    [InlineData("""static class Engine { static void load_checkpoint(this Scale scale, string file) { } static void M(Scale scale) => scale.load_checkpoint("file"); }""")]
    [InlineData("""class Engine { void M(Linear linear) => linear.load_state_dict([]); object N(Scale scale) => scale.state_dict(); }""")]
    public Task Stays_quiet_elsewhere(string code) => Verify.Analyzer<LoadStateAnalyzer>(Layer.With("", after: code));
}
