namespace Lanyard.Distributed.Tests.Mpi;

/// <summary>What five processes do together. The checks themselves are in the program that they are: <c>tests/Distributed.Worker</c>.</summary>
public sealed class RanksTests(FiveRanks ranks) : IClassFixture<FiveRanks>
{
    private static readonly string[] Sections =
    [
        "outside", "collectives in pieces of 1073741824", "collectives in pieces of 13", "many elements", "own results", "refusals", "messages in pieces of 1073741824", "messages in pieces of 7", "tensors",
        "what does not fit", "threads", "transfers", "groups", "exceptions of .NET", "model",
    ];

    [MpiFact]
    public void Every_section_has_a_test() => Assert.Equal(Sections.Order(), ranks.Sections().Order());

    [MpiTheory]
    [InlineData("outside")]
    [InlineData("collectives in pieces of 1073741824")]
    [InlineData("collectives in pieces of 13")]
    [InlineData("many elements")]
    [InlineData("own results")]
    public void Sums_and_exchanges_are_those_of_threads_to_the_bit(string section) => ranks.AllHave(section);

    [MpiTheory]
    [InlineData("refusals")]
    public void What_does_not_belong_together_is_refused_on_every_rank_and_they_go_on(string section) => ranks.AllHave(section);

    [MpiTheory]
    [InlineData("messages in pieces of 1073741824")]
    [InlineData("messages in pieces of 7")]
    [InlineData("tensors")]
    [InlineData("threads")]
    [InlineData("transfers")]
    public void Messages_come_as_they_were_sent(string section) => ranks.AllHave(section);

    [MpiTheory]
    [InlineData("what does not fit")]
    public void A_message_that_is_longer_or_shorter_than_expected_is_an_error(string section) => ranks.AllHave(section);

    [MpiTheory]
    [InlineData("groups")]
    public void Processes_are_divided_into_groups_and_replicas(string section) => ranks.AllHave(section);

    [MpiTheory]
    [InlineData("exceptions of .NET")]
    public void What_Open_MPI_loads_takes_no_exception_from_the_program(string section) => ranks.AllHave(section);

    [MpiTheory]
    [InlineData("model")]
    public void Logits_of_four_processes_are_those_of_four_threads_and_of_the_reference(string section) => ranks.AllHave(section);
}
