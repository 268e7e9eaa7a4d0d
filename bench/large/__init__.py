"""A large community: 100,000 topics and a million posts, one topic of 10,000; made in minutes, asked one by one."""
